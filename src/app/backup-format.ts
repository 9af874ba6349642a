import { z } from "zod";

/** Raised when a backup of before could not be read as it is. */
export const backupFormat = 1;

export const BackupManifest = z.object({ format: z.literal(backupFormat), createdAt: z.string(), documents: z.number().int() });
export type BackupManifest = z.infer<typeof BackupManifest>;

/** The ledger first: the copy of everything else has to hold what it names. */
export const databases = ["sluice.sqlite", "checkpoints.sqlite"];

/** Folders of few small files that change in place. */
export const plainFolders = ["keys", "vault"];
