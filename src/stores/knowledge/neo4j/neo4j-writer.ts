import { allClasses, rank } from "../../../data/classification.ts";
import type { DocumentPlan } from "../../document-writer.ts";
import type { StoreWriter } from "../../store-writer.ts";
import type { Graph } from "./connect.ts";
import { difference, type Difference, type StoredRow } from "./difference.ts";
import { documentRows, edgeKinds, recordOf, type DocumentRows, type EdgeKind } from "./document-rows.ts";
import { forgetNext, openDocument, passFence, takeNext } from "./fence.ts";
import { isOutOfDate } from "./graph-error.ts";
import { listRows, removeRows } from "./remove-rows.ts";
import { readStoredRows } from "./stored-rows.ts";
import type { TypeNames } from "./type-names.ts";
import { changeBatches, classBatches, endBatches, mergeBatches, rewriteBatches, rowBatches, type Batch } from "./write-rows.ts";

const page = 1_000;
const attempts = 3;

interface Planned {
  plan: DocumentPlan;
  revision: number;
  content: DocumentRows;
  changes: Difference;
}

/** The write side of the knowledge graph in Neo4j: batches of one transaction each, every one behind the document's fence. */
export function openNeo4jWriter(graph: Graph, types: TypeNames): StoreWriter {
  async function send(batches: Batch[], document: string, revision: number, held: () => Promise<void>): Promise<void> {
    for (const batch of batches) {
      await held();
      await graph.write(async (run) => {
        await passFence(run, document, revision);
        await batch(run);
      });
    }
  }

  async function compare(plan: DocumentPlan, revision: number, held: () => Promise<void>): Promise<Planned> {
    const content = documentRows(plan, types);
    await held();
    const { committed, isNew } = await graph.write((run) => openDocument(run, plan, revision));
    const stored = isNew ? [] : await graph.read((run) => readStoredRows(run, plan.documentId, types));
    return { plan, revision, content, changes: difference(content.rows, stored, revision, committed) };
  }

  /** What the server knows may have changed since it was read (a commit whose answer was lost): then it is read again. */
  async function attempt(plans: DocumentPlan[], revisions: ReadonlyMap<string, number>, held: () => Promise<void>): Promise<void> {
    const planned: Planned[] = [];
    for (const plan of plans) {
      const each = await compare(plan, revisions.get(plan.documentId)!, held);
      const { content, changes, revision } = each;
      planned.push(each);
      await send([...classBatches(changes, revision), ...rowBatches(changes, content, revision, plan.documentId), ...rewriteBatches(changes, revision), ...endBatches(changes, revision)], plan.documentId, revision, held);
    }
    for (const { plan, changes, revision } of planned) await send(mergeBatches(changes, revision), plan.documentId, revision, held);
  }

  /** The same change to every row of a document that meets a condition. */
  async function change(document: string, condition: string, values: object, text: string, parameters: object = {}): Promise<void> {
    for (const kind of edgeKinds) {
      const rows = await graph.read((run) => listRows(run, document, kind, types, condition, values));
      for (const batch of changeBatches(rows, text, () => parameters)) await graph.write(batch);
    }
  }

  const onDocument = (document: string, text: string, parameters: object = {}): Promise<object[]> => graph.write((run) => run(`MATCH (d:Document {id: $document}) ${text}`, { document, ...parameters }));

  async function erase(document: string): Promise<void> {
    // Whoever still writes at an earlier revision is refused from here on, and afterwards finds no document to write to.
    await onDocument(document, "SET d.fence = $last", { last: Number.MAX_SAFE_INTEGER });
    await removeRows(graph, document, types, "true", {});
    await onDocument(document, "DETACH DELETE d");
  }

  async function below(documentIds: string[]): Promise<string[]> {
    const found = new Set(documentIds);
    for (let parents = documentIds; parents.length > 0; ) {
      const rows = await graph.read((run) => run<{ id: string }>("UNWIND $parents AS parent MATCH (d:Document {parentId: parent}) RETURN d.id AS id", { parents }));
      parents = rows.map(({ id }) => id).filter((id) => !found.has(id));
      for (const id of parents) found.add(id);
    }
    return [...found];
  }

  return {
    name: "neo4j",

    async write(plans, revisions, held) {
      for (let left = attempts; ; left -= 1) {
        try {
          return await attempt(plans, revisions, held);
        } catch (error) {
          if (!isOutOfDate(error) || left === 1) throw error;
        }
      }
    },

    async settle(document, revision) {
      await onDocument(document, "SET d.committed = CASE WHEN d.committed > $revision THEN d.committed ELSE $revision END", { revision });
      await removeRows(graph, document, types, "row.until <= $revision", { revision });
      await change(document, "row.nextSince <= $revision", { revision }, "SET r.class = r.nextClass REMOVE r.nextClass, r.nextSince");
      await onDocument(document, `WHERE d.nextSince <= $revision ${takeNext} ${forgetNext}`, { revision });
    },

    async rollBack(document, committed) {
      if (committed === null) return erase(document);
      await removeRows(graph, document, types, "row.since > $committed", { committed });
      await change(document, "row.until > $committed", { committed }, "REMOVE r.until");
      await change(document, "row.nextSince > $committed", { committed }, "REMOVE r.nextClass, r.nextSince");
      await onDocument(document, "SET d.committed = $committed", { committed });
      await onDocument(document, `WHERE d.nextSince > $committed ${forgetNext}`, { committed });
    },

    async undo(document, revision) {
      await removeRows(graph, document, types, "row.since = $revision", { revision });
      await change(document, "row.until = $revision", { revision }, "REMOVE r.until");
      await change(document, "row.nextSince = $revision", { revision }, "REMOVE r.nextClass, r.nextSince");
      await onDocument(document, `WHERE d.nextSince = $revision ${forgetNext}`, { revision });
      await onDocument(document, "WHERE d.since = $revision AND d.fence = $revision AND d.committed IS NULL AND NOT EXISTS { (d)-[:HAS_SECTION]->() } DETACH DELETE d", { revision });
    },

    async erase(documentIds) {
      for (const document of await below(documentIds)) await erase(document);
    },

    async raiseClass(documentIds, value) {
      const lower = allClasses.slice(0, rank(value));
      const fallen: { condition: string; text: string }[] = [
        { condition: "row.class IN $lower", text: "SET r.class = row.value" },
        { condition: "row.nextClass IN $lower", text: "SET r.nextClass = row.value" },
      ];
      for (const document of documentIds) {
        await onDocument(document, "WHERE d.class IN $lower SET d.class = $value", { lower, value });
        await onDocument(document, "WHERE d.nextClass IN $lower SET d.nextClass = $value", { lower, value });
        for (const { condition, text } of fallen) await change(document, condition, { lower }, text, { value });
      }
    },

    async *documents() {
      for (let after = ""; ; ) {
        const rows = await graph.read((run) => run<{ id: string }>("MATCH (d:Document) WHERE d.id > $after RETURN d.id AS id ORDER BY id LIMIT $page", { after, page }));
        for (const { id } of rows) yield id;
        if (rows.length < page) return;
        after = rows.at(-1)!.id;
      }
    },

    async stored(document) {
      const rows = (await graph.read((run) => readStoredRows(run, document, types))).filter((row) => row.until === null);
      const ids = (kind: EdgeKind, id = (row: StoredRow) => recordOf(document, row.key)): string[] => [...new Set(rows.filter((row) => row.kind === kind).map(id))].sort();
      return {
        chunks: ids("HAS_CHUNK", (row) => String(row.properties["chunk"])),
        mentions: ids("MENTIONED_IN"),
        statements: ids("STATEMENT"),
        merges: ids("SAME_AS"),
        pictures: ids("ON"),
      };
    },
  };
}

