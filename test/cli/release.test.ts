import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWithImprint } from "../app/open-with-imprint.ts";
import type { TestApp } from "../app/open-test-app.ts";
import { sluice } from "./memory-app.ts";

describe("sluice release", () => {
  let opened: Awaited<ReturnType<typeof openWithImprint>>;
  let app: TestApp;
  let id: string;

  const run = (...argv: string[]) => sluice({ app: { ...app, close: async () => undefined }, opened: [], state: { folder: app.folder } }, argv);
  const release = (...argv: string[]) => run("release", id, ...argv);
  const made = (text: string): string => /released as (\S+);/.exec(text)![1]!;

  beforeAll(async () => {
    opened = await openWithImprint();
    ({ app, id } = opened);
  });
  afterAll(() => opened.close());

  it("explains itself: what can be released, and how it is taken back", async () => {
    const { code, stdout } = await run("release", "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/--class <class> +release all that was found, down to this class \(choices: "public", "internal",\s+"confidential"\)/);
    expect(stdout).toMatch(/--signal <kind> +release what was found of this kind/);
    expect(stdout).toMatch(/--end <release> +take this release back; `sluice show ID` lists/);
  });

  it.each([
    [[], 2, "say what to release: --class CLASS or --signal KIND"],
    [["--class", "public"], 2, "say why: --reason TEXT"],
    [["--class", "public", "--reason", "  "], 2, "say why"],
    [["--class", "pii", "--reason", "x"], 2, "Allowed choices are public, internal, confidential"],
    [["--class", "public", "--signal", "person", "--reason", "x"], 2, "cannot be used with"],
    [["--signal", "iban", "--reason", "x"], 1, "nothing of that kind makes document"],
    [["--end", "no-such"], 1, "has no release no-such; `sluice show"],
  ])("%j is refused, and nothing changes", async (argv, code, words) => {
    const refused = await release(...argv);
    expect([refused.code, refused.stdout]).toEqual([code, ""]);
    expect(refused.stderr).toContain(words);
    expect((await run("show", id)).stdout).toContain("class pii: person ×1, email ×1");
  });

  it.each([["--class", "public", "--reason", "x"], ["--end", "no-such"]])("of a document that is not there says so: %s", async (...argv) => {
    const { code, stderr } = await run("release", "no-such", ...argv);
    expect([code, stderr]).toEqual([1, "error: there is no document no-such; `sluice documents` lists them\n"]);
  });

  it("of a kind says what still keeps the document here, and how to take it back", async () => {
    const { code, stdout } = await release("--signal", "person", "--reason", "named in every imprint");
    expect(code).toBe(0);
    expect(stdout).toBe(`released as ${made(stdout)}; the document is now pii: email ×1\ntake it back with: sluice release ${id} --end ${made(stdout)}\n`);
    expect((await run("show", id)).stdout).toMatch(new RegExp(`release ${made(stdout)} of \\S+, of person: named in every imprint`));
    const back = await release("--end", made(stdout));
    expect([back.code, back.stdout]).toEqual([0, "taken back; the document is now pii: person ×1, email ×1\nnothing went to a cloud under it\n"]);
    expect((await release("--end", made(stdout))).stderr).toContain("has no release");
  });

  it("of all lets it leave; taken back, it lists what went, to a program as JSON", async () => {
    const { code, stdout } = await release("--class", "public", "--reason", "the imprint of a website");
    expect([code, stdout]).toEqual([0, expect.stringContaining("the document is now public: what was found is released")]);
    await app.ask("Where is Hafenkran GmbH based?");
    const back = await release("--end", made(stdout));
    expect(back.stdout).toMatch(/^taken back; the document is now pii: person ×1, email ×1\n\d+ calls? to a cloud under it cannot be taken back:\n {2}\S+ \w+ to ollama-cloud \(\S+\)\n/);

    const [again] = (await release("--class", "public", "--reason", "again", "--json")).lines() as unknown as { release: { id: string; class: string; reason: string }; job: { status: string; class: string } }[];
    expect(again).toMatchObject({ release: { class: "public", kind: null, reason: "again" }, job: { status: "done", class: "public" } });
    const [ended] = (await release("--end", again!.release.id, "--json")).lines() as unknown as object[];
    expect(ended).toMatchObject({ job: { status: "done", class: "pii" }, calls: expect.any(Array) });
  });
});
