import { statusFailure } from "../failure.ts";
import type { OfferedModel } from "./backend.ts";
import { readText, type WireReply } from "./transport.ts";

export interface Tag {
  name: string;
  size?: number;
  digest?: string;
  remote_host?: string;
  details?: { family?: string; parameter_size?: string };
}

interface Shown {
  capabilities?: string[];
  model_info?: Record<string, unknown>;
  remote_host?: string;
}

export async function readJson<T>(reply: WireReply): Promise<T> {
  const text = await readText(reply.body);
  if (reply.status !== 200) throw statusFailure(reply.status, text, reply.headers["retry-after"]);
  return JSON.parse(text) as T;
}

/** Names that a daemon hands to its vendor, whatever else it says about them. */
export const isCloudName = (name: string): boolean => /[-:]cloud$/u.test(name);

/** What `/api/tags` and `/api/show` together say about a model. */
export function describeModel(tag: Tag, shown: Shown | null, localSuffix: boolean): OfferedModel {
  const info = shown?.model_info ?? {};
  const number = (ending: string): number | null => {
    const key = Object.keys(info).find((each) => each.endsWith(ending));
    const value = key === undefined ? undefined : info[key];
    return typeof value === "number" ? value : null;
  };
  return {
    name: tag.name,
    size: tag.size ?? 0,
    parameters: tag.details?.parameter_size || null,
    family: tag.details?.family || null,
    resident: false,
    capabilities: shown?.capabilities ?? [],
    context: number(".context_length"),
    dimension: number(".embedding_length"),
    forwards: isCloudName(tag.name) || Boolean(tag.remote_host) || Boolean(shown?.remote_host),
    localSuffix,
  };
}
