import { wholeBody } from "./transport.ts";

/** The data of each server-sent event (WHATWG HTML 9.2), comments and other fields left out. */
export async function* serverEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  for await (const part of wholeBody(body)) {
    const lines = (rest + decoder.decode(part, { stream: true })).split(/\r\n|\n|\r(?!$)/u);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line === "" && data.length) {
        yield data.join("\n");
        data = [];
      }
    }
  }
  if (rest.startsWith("data:")) data.push(rest.slice(5).trim());
  if (data.length) yield data.join("\n"); // the last blank line is often left out
}
