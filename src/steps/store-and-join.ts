import { lookAgain } from "./deduplicate.ts";
import type { ExtractParts } from "./extract-parts.ts";
import { store, type StoreParts } from "./store.ts";
import { type Account, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

/** Stores the documents; and once more where the look at what others have stored meanwhile found new merges. Returns what that look has spent. */
export async function storeAndJoin(documents: WorkDocument[], accounts: Record<string, Account>, run: Run, parts: { extract: ExtractParts; store: StoreParts }): Promise<{ stored: true; account: Account }> {
  const spent = Object.entries(accounts).flatMap(([node, account]) => (node === "store" ? [] : [account])).reduce(addAccounts, emptyAccount());
  await store(documents, spent, run, parts.store);
  const { news, account } = await lookAgain(documents, run, parts.extract);
  if (news) await store(documents, addAccounts(spent, account), run, parts.store);
  return { stored: true, account };
}
