import { assert, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Failure, statusFailure, usagePeriodMs } from "../../src/models/failure.ts";
import { heldBack } from "../../src/models/held-back.ts";
import { isPrivateAddress, locationFault } from "../../src/models/location.ts";
import { ModelsOptions } from "../../src/models/options.ts";
import { pickModel } from "../../src/models/pick-model.ts";
import { costUsd, highestRate, rateAt } from "../../src/models/prices.ts";
import { included } from "../../src/models/read-facts.ts";
import { isPlaceholder, Secret } from "../../src/models/secret.ts";
import { formatOf, mapStrings, readStructured } from "../../src/models/structured.ts";
import { outputBudget, thinkValue } from "../../src/models/thinking.ts";
import { restorer } from "../../src/privacy/placeholders.ts";

describe("locations", () => {
  it("knows the operator's own addresses", () => {
    for (const own of ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.1"]) expect(isPrivateAddress(own), own).toBe(true);
    for (const other of ["8.8.8.8", "172.32.0.1", "169.254.169.254", "2606:4700::1111", "0.0.0.0", "::ffff:8.8.8.8", "not an address"]) expect(isPrivateAddress(other), other).toBe(false);
  });

  it("refuses a public address that calls itself local, unless a reason is given", () => {
    const place = { url: "http://8.8.8.8:11434", location: "local" as const, trusted: null };
    expect(locationFault(place)).toContain("public address");
    expect(locationFault({ ...place, trusted: "our own machine at the hoster" })).toBeNull();
    expect(locationFault({ ...place, url: "https://ollama.com" })).toContain("cloud");
    expect(locationFault({ ...place, location: "cloud", url: "http://example.org" })).toContain("https");
    expect(() => ModelsOptions.parse({ backends: [{ id: "a", location: "cloud", url: "https://example.org/v1?api_key=geheim" }] })).toThrow(/apiKey/);
    expect(() => ModelsOptions.parse({ backends: [{ id: "a", location: "local", url: "http://8.8.8.8:11434" }] })).toThrow(/public address/);
  });

  it("refuses options with a typo and two backends of one id", () => {
    expect(() => ModelsOptions.parse({ routing: { localtocloud: true } })).toThrow(/localtocloud/);
    const one = { id: "a", location: "local", url: "http://127.0.0.1:1" };
    expect(() => ModelsOptions.parse({ backends: [one, one] })).toThrow(/same id/);
  });
});

describe("secrets", () => {
  it("show themselves to nobody", () => {
    const secret = new Secret("s3cret-value");
    expect(JSON.stringify({ secret, text: `${secret}` })).not.toContain("s3cret");
    expect(Secret.reveal(secret)).toBe("s3cret-value");
  });

  it.each(["", "sk-...", "your-api-key", "YOUR_OLLAMA_API_KEY", "<key>", "${OLLAMA_API_KEY}", "xxxx", "changeme"])("%j is a placeholder", (value) => expect(isPlaceholder(new Secret(value))).toBe(true));
  it("a real key is none", () => expect(isPlaceholder(new Secret("0f3a9c.Zx8-live"))).toBe(false));
});

describe("prices", () => {
  const table = ModelsOptions.parse({
    prices: [
      { model: "m", from: "2025-01-01", until: "2025-06-01", input: 1, output: 2 },
      { model: "m", from: "2025-06-01", input: 3, output: 4, peak: [{ days: [1, 2, 3, 4, 5], fromHour: 9, toHour: 17, input: 30, output: 40 }] },
      { model: "m", backend: "special", from: "2025-06-01", input: 0.5, output: 0.5 },
    ],
  }).prices;

  it("hold from their day to the day before the next", () => {
    expect(rateAt(table, "any", "m", new Date("2024-12-31T23:59:59Z"))).toBeNull();
    expect(rateAt(table, "any", "m", new Date("2025-05-31T23:59:59Z"))?.input).toBe(1);
    expect(rateAt(table, "any", "m", new Date("2025-06-01T00:00:00Z"))?.input).toBe(3);
    expect(rateAt(table, "special", "m", new Date("2025-06-02T10:00:00Z"))?.input).toBe(0.5);
    expect(rateAt(table, "any", "other", new Date())).toBeNull();
  });

  it("rise in peak hours of the named weekdays, and an estimate takes the dearer side of the edge", () => {
    expect(rateAt(table, "any", "m", new Date("2025-06-02T09:00:00Z"))?.input).toBe(30); // a Monday
    expect(rateAt(table, "any", "m", new Date("2025-06-02T17:00:00Z"))?.input).toBe(3);
    expect(rateAt(table, "any", "m", new Date("2025-06-01T10:00:00Z"))?.input).toBe(3); // a Sunday
    expect(highestRate(table, "any", "m", new Date("2025-06-02T08:59:00Z"), 300_000)?.input).toBe(30);
  });

  it("of what the server read from its own cache are lower, and never for more than the prompt", () => {
    const rate = { input: 1, cachedInput: 0.1, output: 2 };
    expect(costUsd(rate, { promptTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 0 })).toBe(0.64);
    expect(costUsd(rate, { promptTokens: 1_000_000, cachedTokens: 9_000_000, outputTokens: 0 })).toBe(0.1);
    expect(costUsd(rate, { promptTokens: 1_000_000, cachedTokens: null, outputTokens: 0 })).toBe(1);
  });

  it.each([
    ["a day without a price", [{ until: "2025-06-01" }, { from: "2025-07-01" }], /m has no price from 2025-06-01 until 2025-07-01/],
    ["a day with two prices", [{ until: "2025-07-01" }, { from: "2025-06-01" }], /m has two prices from 2025-06-01/],
    ["an earlier price without an end", [{}, { from: "2025-06-01" }], /m has two prices from 2025-06-01 on; set until/],
    ["an end before the beginning", [{ until: "2024-01-01" }], /until \(2024-01-01\) is not after from/],
    ["a negative price", [{ input: -1 }], />=0/],
    ["a peak over midnight", [{ peak: [{ days: [1], fromHour: 22, toHour: 6, input: 1, output: 1 }] }], /over midnight/],
    ["two peaks at once", [{ peak: [{ days: [1, 2], fromHour: 8, toHour: 12, input: 1, output: 1 }, { days: [2], fromHour: 11, toHour: 13, input: 1, output: 1 }] }], /two of its peaks overlap/],
  ])("a table with %s is refused", (_what, rows, message) => {
    const prices = rows.map((row) => ({ model: "m", from: "2025-01-01", input: 1, output: 2, ...row }));
    expect(() => ModelsOptions.parse({ prices })).toThrow(message);
  });

  it("follow each other per backend", () => {
    const row = { model: "m", from: "2025-01-01", input: 1, output: 2 };
    expect(() => ModelsOptions.parse({ prices: [row, { ...row, backend: "special" }, { ...row, model: "n" }] })).not.toThrow();
  });

  it("are exact in decimals", () => {
    expect(costUsd({ input: 0.1, cachedInput: 0.1, output: 0.2 }, { promptTokens: 1_000_000, outputTokens: 1_000_000 })).toBe(0.3);
    expect(costUsd({ input: 0.1, cachedInput: 0.1, output: 0 }, { promptTokens: 1, outputTokens: 0 })).toBe(0.0000001);
  });
});

describe("thinking", () => {
  it("is always said to whoever can think, in the words that the model takes", () => {
    expect(thinkValue("gpt-oss:120b", ["thinking"], "off")).toBe("low");
    expect(thinkValue("gpt-oss:20b", [], "high")).toBe("high");
    expect(thinkValue("qwen3:8b", ["thinking"], "off")).toBe(false);
    expect(thinkValue("qwen3:8b", ["thinking"], "low")).toBe(true);
    expect(thinkValue("llama3.2:3b", ["completion"], "high")).toBeUndefined();
    expect([outputBudget("off", null), outputBudget("low", null), outputBudget("medium", null), outputBudget("high", null)]).toEqual([4096, 4096, 12_288, 16_384]);
  });
});

describe("structured answers", () => {
  const schema = z.object({ names: z.array(z.string()) });

  it("are cut out of whatever stands around them", () => {
    expect(readStructured('Here:\n```json\n{"names":["a"]}\n```\nDone.', "stop", schema)).toEqual({ ok: true, value: { names: ["a"] }, repaired: false });
  });

  it("are repaired when the model ended by itself, and never when it was cut off", () => {
    expect(readStructured('{"names":["a",]}', "stop", schema)).toEqual({ ok: true, value: { names: ["a"] }, repaired: true });
    expect(readStructured('{"names":["a","b', "length", schema).ok).toBe(false);
    expect(readStructured('{"names":["a","b', "length", schema)).toMatchObject({ issues: expect.stringContaining("cut off") });
  });

  it("say where they do not fit, without quoting a value", () => {
    const read = readStructured('{"names":[1,"secret word"]}', "stop", schema);
    expect(read).toMatchObject({ ok: false, issues: expect.stringContaining("names.0") });
    expect(JSON.stringify(read)).not.toContain("secret word");
    expect(readStructured("I cannot do that.", "stop", schema).ok).toBe(false);
  });

  it("restored names with quotation marks break nothing", () => {
    expect(JSON.parse(mapStrings('{"a":"[PERSON_1]","b":[1,"x"]}', (text) => text.replace("[PERSON_1]", 'Ann "A" Lee')))).toEqual({ a: 'Ann "A" Lee', b: [1, "x"] });
  });

  it.each([
    ["between marks of code", '```json\n{"a":"Mr [PERSON_1]"}\n```'],
    ["with a comma too many", '{"a":"Mr [PERSON_1]",}'],
    ["with the placeholder's underscore escaped", '{"a":"Mr [PERSON\\_1]"}'],
    ["with a line break in a string", '{"a":"Mr [PERSON_1]","b":"one\ntwo"}'],
    ["behind a sentence", 'Here is what [PERSON_1] did: {"a":"Mr [PERSON_1]"}'],
  ])("restored names break nothing %s", (_how, text) => {
    const name = 'Anna "Annie" O\'Brien \\ Lee,\nCork';
    const entries = [{ type: "PERSON", number: 1, form: "", value: name }];
    const read = readStructured(mapStrings(text, restorer(entries)), "stop", z.object({ a: z.string(), b: z.string().optional() }));
    expect(read).toMatchObject({ ok: true, value: { a: `Mr ${name}` } });
  });

  it("come through unchanged, whatever strings they hold, when nothing is restored", () => {
    assert(
      property(jsonValue(), (value) => {
        expect(JSON.parse(mapStrings(JSON.stringify(value), (text) => text))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("have a JSON schema even where the zod schema transforms", () => {
    expect(formatOf(z.object({ short: z.string().transform((text) => text.slice(0, 3)) }))).toMatchObject({ properties: { short: { type: "string" } } });
  });
});

describe("a restored stream", () => {
  it("holds back an open bracket until it closes, and lets go of one that is the text's own", () => {
    const shown: string[] = [];
    const held = heldBack((text) => text.replaceAll("[PERSON_1]", "Ann"), (text) => shown.push(text));
    for (const piece of ["Hello [PER", "SON_1", "], see [1", "] and [", "x".repeat(80)]) held.push(piece);
    held.end();
    expect(shown.join("")).toBe(`Hello Ann, see [1] and [${"x".repeat(80)}`);
    expect(shown.some((text) => text.includes("[PER"))).toBe(false);
  });
});

describe("failures", () => {
  it("tell a limit that passes from one that stays, by the server's own words", () => {
    expect(statusFailure(429, "too many concurrent requests", undefined).kind).toBe("rate_limit");
    expect(statusFailure(429, "you have reached your weekly usage limit", undefined).kind).toBe("usage_limit");
    expect(statusFailure(503, "timed out waiting for a concurrent request slot", undefined).kind).toBe("rate_limit");
    expect(statusFailure(503, "Server overloaded, please retry shortly", undefined).kind).toBe("server");
    expect(statusFailure(429, "slow down", "7").retryAfterMs).toBe(7000);
    expect([402, 401, 403, 404, 410, 400, 422, 408, 500, 502, 307].map((status) => statusFailure(status, "", undefined).kind)).toEqual(
      ["payment", "auth", "auth", "missing", "missing", "bad_request", "bad_request", "server", "server", "server", "redirect"],
    );
  });

  it("know how long a usage limit lasts", () => {
    const hours = (text: string) => usagePeriodMs(new Failure("usage_limit", "", { cause: new Error(text) })) / 3_600_000;
    expect([hours("your hourly usage limit"), hours("your session usage limit"), hours("your weekly usage limit"), hours("usage limit")]).toEqual([1, 5, 168, 1]);
  });
});

describe("choosing models", () => {
  const model = (name: string, size: number, capabilities: string[]) => ({ name, size, parameters: null, family: null, resident: false, capabilities, context: null, dimension: null, forwards: false, localSuffix: true });
  const offered = [model("tiny:0.5b", 4e8, ["completion"]), model("small:3b", 2e9, ["completion"]), model("big:8b", 5e9, ["completion"]), model("eyes:7b", 6e9, ["completion", "vision"]), model("huge:70b", 4e10, ["completion"]), model("bge-m3:latest", 1e9, ["embedding"]), model("other-embed", 3e8, ["embedding"])];

  it("auto takes the best fit of what is installed", () => {
    expect((["fast", "strong", "vision", "embedding"] as const).map((tier) => pickModel(offered, tier, "auto", null)?.name)).toEqual(["small:3b", "big:8b", "eyes:7b", "bge-m3:latest"]);
    expect(pickModel([offered[0]!], "fast", "auto", null)?.name).toBe("tiny:0.5b");
    expect(pickModel([], "fast", "auto", null)).toBeUndefined();
  });

  it("a named one is taken as named, or with the tag that Ollama adds", () => {
    expect(pickModel(offered, "embedding", "bge-m3", null)?.name).toBe("bge-m3:latest");
    expect(pickModel(offered, "fast", "absent", null)).toBeUndefined();
  });
});

it("a rollout takes a stable share of the documents", () => {
  const ids = Array.from({ length: 2000 }, (_each, index) => `document ${index}`);
  const share = ids.filter((id) => included(id, 30)).length / ids.length;
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.35);
  expect(ids.filter((id) => included(id, 30)).every((id) => included(id, 60))).toBe(true);
  expect(included("any", 0)).toBe(false);
});
