import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../src/workers/package-root.ts";
import { documentPath } from "../documents/sample-documents.ts";
import { killGroup, type Program, start } from "../studio/dev-server.ts";

// What `npm pack` puts into the package, built and laid out under node_modules, where an installed package stands and Node
// reads no types; scripts/try-package.sh packs and installs it for real.
describe("the packed program, without its sources", () => {
  let folder: string;
  let installed: string;
  const programs: Program[] = [];

  async function run(argv: string[], cwd = folder): Promise<{ code: number | null; output: string }> {
    const program = start(argv, { cwd });
    programs.push(program);
    return { code: await program.ended, output: program.output() };
  }
  const sluice = (...argv: string[]) => run([join(installed, "bin/sluice.js"), ...argv]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-package-"));
    installed = await mkdtemp(join(packageRoot, "node_modules/.sluice-package-"));
    const { files } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as { files: string[] };
    for (const each of ["package.json", ...files.filter((file) => file !== "dist")]) await cp(join(packageRoot, each), join(installed, each), { recursive: true });
    const built = await run([join(packageRoot, "scripts/build.ts"), join(installed, "dist")]);
    expect(built.code, built.output).toBe(0);
  }, 120_000);
  afterAll(async () => {
    for (const program of programs) killGroup(program);
    for (const each of [folder, installed]) await rm(each, { recursive: true, force: true, maxRetries: 5 });
  });

  it("imports no types, and finds every module that is started by its place", async () => {
    const dist = join(installed, "dist");
    const modules = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith(".js"));
    expect(modules.length).toBeGreaterThan(150);
    for (const name of modules) {
      const code = await readFile(join(dist, name), "utf8");
      expect(/(?:from|import)\s*\(?\s*"\.[^"]*\.ts"/.test(code), name).toBe(false);
      for (const [, sibling] of code.matchAll(/siblingModule\(import\.meta\.url, "([^"]+)"\)/g)) expect(existsSync(join(dist, dirname(name), `${sibling}.js`)), `${name}: ${sibling}`).toBe(true);
    }
    expect(await readdir(dist)).toEqual(["graphs", "src"]);
  });

  it("ingests, finds and answers, in child processes and threads of its own", async () => {
    await writeFile(join(folder, "note.md"), "# Lantern Works\n\nLantern Works Ltd makes lamps in Aberdeen. It employs 40 people.\n");
    const config = join(folder, "none.yaml");
    await writeFile(config, 'models: { backends: [{ id: ollama, url: "http://127.0.0.1:9" }] }\n');
    const ingested = await sluice("ingest", "note.md", documentPath("annual-report.pdf"), documentPath("memo.docx"), "--config", config, "--json");
    expect([ingested.code, /"documents":3,"done":3,"failed":0/.test(ingested.output)], ingested.output).toEqual([0, true]);
    const asked = await sluice("ask", "Where does Lantern Works make lamps?", "--config", config);
    expect(asked.output).toMatch(/Aberdeen.*\[1\]/);
  });

  it("checks itself and tells what there is", async () => {
    expect((await sluice("--help")).output).toContain("ingest");
    const checked = await sluice("check");
    expect([checked.code, checked.output.includes("private text can reach")], checked.output).toEqual([0, true]);
  });

  it("says what is only in a checkout", async () => {
    const samples = await sluice("demo");
    expect([samples.code, samples.output.includes("sample documents")]).toEqual([2, true]);
    const server = await sluice("demo", "--model-server");
    expect([server.code, server.output.includes("checkout")]).toEqual([2, true]);
  });
});
