/** The answers' cache is off, so that only the memo keeps them from being asked for again. */
export const killValues = { privacy: { threads: 1 }, jobs: { leaseMs: 500, maxAttempts: 20 }, models: { cache: { enabled: false } }, parsing: { ocrLanguages: ["eng"] } };
