import { join } from "node:path";
import { buildIngestGraph } from "../graphs/ingest.ts";
import { buildQueryGraph } from "../graphs/query.ts";
import type { OpenRun } from "../graphs/run.ts";
import { auditServices } from "./app/audit.ts";
import { keepAnchor } from "./app/audit-anchor.ts";
import { check } from "./app/check.ts";
import { checkDestinations } from "./app/destinations.ts";
import { entityServices } from "./app/entity-services.ts";
import { type ConfigurationSource, followConfiguration } from "./app/follow-configuration.ts";
import { guardNewKeys } from "./app/new-keys.ts";
import { livingCache } from "./app/living-cache.ts";
import { openGatekeeper } from "./app/open-gate.ts";
import { openStores } from "./app/open-stores.ts";
import { ownSecrets } from "./app/own-secrets.ts";
import { readKey } from "./app/read-key.ts";
import { readPrices } from "./app/read-prices.ts";
import { openReleases } from "./app/releases.ts";
import { reindexScope } from "./app/reindex.ts";
import { scan } from "./app/scan.ts";
import { services } from "./app/services.ts";
import { localRuns } from "./app/start-run.ts";
import { verify, type VerifyOptions } from "./app/verify.ts";
import { verifyOnSchedule } from "./app/verify-on-schedule.ts";
import { type Config, packageYaml } from "./config.ts";
import { Tier } from "./data/decision.ts";
import { localPrincipal, type Principal } from "./data/principal.ts";
import { publicError, SluiceError } from "./errors.ts";
import { openActiveRuns } from "./jobs/active-runs.ts";
import { type JobsParts, openJobs } from "./jobs/open-jobs.ts";
import type { RunResult } from "./jobs/perform.ts";
import { stopJobs } from "./jobs/stop-jobs.ts";
import { openAudit } from "./models/audit.ts";
import { openModels } from "./models/open-models.ts";
import { readPrompts } from "./models/prompts.ts";
import { Secret } from "./models/secret.ts";
import { openParsers } from "./parsers/parse.ts";
import type { JobRow, Ledger } from "./stores/ledger/ledger.ts";
import { estimate } from "./steps/estimating/estimate.ts";
import type { EntryParts } from "./steps/open-archive.ts";
import { openTextWork } from "./steps/open-text-work.ts";
import { openEntityDescriber } from "./steps/describe-entity.ts";
import { originalName } from "./steps/artifacts.ts";
import { readVocabulary, VocabularyFile } from "./steps/vocabulary.ts";
import { type Log, openLog } from "./telemetry.ts";
import { packageRoot } from "./workers/package-root.ts";

export interface AppOptions {
  config: Config;
  /** Whether this process works on jobs. */
  workers: boolean;
  log?: Log;
  /** Where the configuration came from: a change of its models, routing, budgets or vision is taken over while it runs. */
  source?: ConfigurationSource;
  /** Runs ingest jobs somewhere else than in this process's own graph: on LangGraph's dev server. */
  runs?: {
    start(job: JobRow, signal: AbortSignal, documents: Ledger["documents"]): Promise<RunResult>;
    forget(jobId: string): Promise<void>;
  };
}

/** The composition root: config → stores, gate, models, graphs, jobs → the functions the doors use. */
export async function openApp({ config, workers, log = openLog({ level: config.telemetry.log }), runs: otherRuns, source }: AppOptions) {
  const directory = config.data.directory;
  const at = (...names: string[]) => join(directory, ...names);
  const vocabulary = readVocabulary(VocabularyFile.parse(packageYaml("vocabulary.yaml")));
  await checkDestinations(config);
  const stores = await openStores(config, { vocabulary, log });
  const { files, ledger, checkpoints, queue, wakeUps, text, vectors, knowledge, writer } = stores;
  const cache = livingCache(stores.cache, ledger.documents);
  const parsers = openParsers({ spool: at("spool") });
  const textWork = openTextWork({ size: 2, deadline: 120_000 });

  const auditKey = new Secret(readKey(at("keys", "audit.key")));
  const audit = openAudit(ledger.audit, auditKey);
  let { vision } = config;
  const privacy = await openGatekeeper(config, { ledger, audit, visionCloud: () => vision.cloud, log });
  // Where something may leave, a prompt whose own words the gate would stop is found now, not in a call.
  const checkPrompts = async ({ models: { backends } }: Config) => {
    if (!backends.some((each) => each.enabled && each.location === "cloud")) return;
    const prompts = readPrompts(join(packageRoot, "prompts"));
    await privacy.checkPrompts([...prompts.values()].map(({ name, instructions, material }) => ({ name, text: `${instructions}\n${material}` })));
  };
  await checkPrompts(config);
  const newKeys = guardNewKeys(privacy.gate);
  const modelsInput = ({ models: section, routing, budgets, vision: { cloud } }: Config) => ({ ...section, routing, budgets, prices: readPrices(budgets.prices), visionCloud: cloud, auditKey });
  const models = await openModels(
    modelsInput(config),
    { memo: ledger.memo, spend: ledger.spend, audit: ledger.audit, usage: ledger.usage, alerts: ledger.alerts, tiers: ledger.tiers, holds: ledger.holds, cache, anonymise: privacy.anonymise, gate: newKeys.gate, log },
  );
  const apply = async (changed: Config) => {
    await checkDestinations(changed);
    await checkPrompts(changed);
    newKeys.know(ownSecrets(changed));
    await models.reload(modelsInput(changed));
    vision = changed.vision;
  };
  const configuration = followConfiguration(config, source ?? { files: [], load: () => config }, { apply, log });

  const anchor = config.audit.anchor === null ? null : keepAnchor(config.audit.anchor, ledger.audit, log);
  const runs = openActiveRuns();
  const openRun: OpenRun = (state, signal) => {
    const active = runs.get(state.jobId);
    return {
      jobId: state.jobId,
      scope: { tenant: state.tenant, collection: state.collection },
      generation: state.generation,
      userId: active.userId,
      signal: signal ? AbortSignal.any([active.controller.signal, signal]) : active.controller.signal,
      lease: () => active.lease,
      progress: active.report,
    };
  };
  const forgetDocuments = async (ids: string[]) => {
    for (const id of ids) {
      await files.removeAll(id);
      await privacy.forget(id);
    }
    await cache.eraseDocuments(ids);
  };
  const forgetThreads = async (jobIds: string[]) => {
    for (const id of jobIds) {
      await checkpoints.deleteThread(id);
      await otherRuns?.forget(id);
    }
  };
  const entries: EntryParts = {
    ledger: ledger.entries,
    queued: ({ id, documentId }) => queue.add({ jobId: id, documentId, priority: 10 }),
    stop: (ids) => stopJobs(ids, { jobs: ledger.jobs, queue, wakeUps }),
  };
  const ingestGraph = (checkpointer?: typeof checkpoints) => buildIngestGraph(
    {
      openRun,
      parse: { files, parsers, documents: ledger.documents, intents: ledger.intents, entries, options: config.parsing },
      classify: { files, privacy, documents: ledger.documents, releases: ledger.releases, writer, secondLook: { models, options: config.privacy.secondLook } },
      chunk: { files, textWork, options: config.chunks, privacy },
      embed: { files, models, batch: 32 },
      extract: { files, models, knowledge, textWork, vocabulary, options: config.extraction },
      vision: { files, models, options: () => vision },
      store: { files, documents: ledger.documents, jobs: ledger.jobs, intents: ledger.intents, writer, forget: forgetDocuments, forgetThreads, forgetAnswers: cache.eraseDocuments },
    },
    checkpointer,
  );
  const queryGraph = buildQueryGraph({ understand: { privacy, textWork }, retrieve: { text, vectors, knowledge, models }, answer: { models, text, textWork, options: config.answer } });
  const describer = openEntityDescriber({ models, knowledge, documents: ledger.documents, options: config.summaries });

  const estimateFiles = (given: { path: string; name: string }[], options: Parameters<typeof estimate>[1]) =>
    estimate(given, options, { files, parsers, privacy, textWork, models, vocabulary, parsing: config.parsing, chunks: config.chunks, extraction: config.extraction, vision });
  const estimateJob = async ({ tenant, collection, documentId }: JobRow, signal: AbortSignal) => {
    const row = await ledger.documents.row(documentId);
    if (!row) throw new SluiceError("not_found", `document ${documentId} was erased`);
    return estimateFiles([{ path: await files.localPath(documentId, originalName(row.sha256)), name: row.name }], { scope: { tenant, collection }, floor: row.floor, signal });
  };
  const jobsParts: JobsParts = {
    ledger, files, parsers, queue, wakeUps, writer, runs, log, originalName, forgetThreads, forgetDocuments,
    startRun: otherRuns ? (job, signal) => otherRuns.start(job, signal, ledger.documents) : localRuns(ingestGraph(checkpoints), ledger.documents, (id) => checkpoints.deleteThread(id)),
    reindex: async (run) => {
      await reindexScope(run.scope.tenant, run.scope.collection, { models, vectors, knowledge }, { signal: run.controller.signal, onProgress: () => undefined });
    },
    modelsAnswer: () => Tier.options.every((tier) => models.tier(tier) !== "down"),
    ...config.jobs,
    estimate: config.approve === "always" ? estimateJob : null,
    pollMs: 1_000,
  };
  const jobs = openJobs(jobsParts);
  const releases = openReleases({ ledger, files, privacy, writer, jobs, audit, forgetAnswers: cache.eraseDocuments });
  const expiry = setInterval(() => void ledger.spend.expire(new Date().toISOString()).catch(() => undefined), 60_000).unref();
  // What a crash left half written in several stores is finished or taken back, at a start and whenever a lease ran out.
  const mend = () => void stores.mend().catch((error: unknown) => log.warn({ code: publicError(error).code }, "what a crash left half written could not be mended yet; it is tried again"));
  const mending = workers ? setInterval(mend, 60_000).unref() : undefined;
  if (workers) {
    privacy.warm();
    textWork.warm();
    mend();
    await jobs.start();
  }
  const verifyAll = (options: VerifyOptions) => verify({ documents: ledger.documents, files, stores: stores.verified, storeAgain: jobs.storeAgain }, options);
  const verification = workers && config.jobs.concurrency > 0 ? verifyOnSchedule(verifyAll, config.verify, log) : null;

  return {
    ...services({
      estimate: estimateFiles,
      rateLimits: stores.rateLimits, engines: stores.engines, ledger, files, parsers, knowledge, jobs, models, queryGraph, configuration, releases,
      entities: entityServices({ knowledge, describer }),
    }),
    server: config.server,
    concurrency: config.jobs.concurrency,
    config,
    log,
    directory,
    ingestGraph,
    queryGraph,
    scan: (input: Parameters<typeof scan>[0], options: { collection: string; signal: AbortSignal }) =>
      scan(input, { tenant: localPrincipal.tenant, collection: options.collection }, options.signal, { files, parsers, privacy, options: config.parsing }),
    check: (signal: AbortSignal) => check({ config, engines: stores.engines, models }, signal),
    async reindex(options: { signal: AbortSignal; onProgress: (done: number, total: number) => void }) {
      let chunks = 0;
      for (const { name } of await ledger.documents.collections(localPrincipal)) {
        const total = (await knowledge.counts(localPrincipal, [name])).chunks;
        chunks += await reindexScope(localPrincipal.tenant, name, { models, vectors, knowledge }, { signal: options.signal, onProgress: (done) => options.onProgress(done, total) });
      }
      return { chunks, model: models.embeddings()?.model.name ?? null };
    },
    verify: verifyAll,
    settled: jobs.settled,
    audit: auditServices(ledger, auditKey, config.audit.anchor),
    mostConnected: knowledge.mostConnected,
    status: () => models.status(),
    async decisions(principal: Principal, jobId: string) {
      const job = await ledger.jobs.get(principal, jobId);
      if (!job) return null;
      const ids = [job.documentId, ...(await ledger.documents.children(job.documentId)).map(({ id }) => id)];
      return (await Promise.all(ids.map((id) => models.decisions(id, jobId)))).flat();
    },
    async close(): Promise<void> {
      clearInterval(expiry);
      configuration.stop();
      clearInterval(mending);
      await verification?.stop();
      await jobs.stop();
      await queue.close();
      describer.close();
      await Promise.all([models.close(), privacy.close(), parsers.close(), textWork.close()]);
      await anchor?.stop();
      await stores.close();
    },
  };
}

export type App = Awaited<ReturnType<typeof openApp>>;
