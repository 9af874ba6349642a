const opening = "<think>";
const closing = "</think>";

interface Split {
  text: string;
  thinking: string;
}

/** Takes `<think>…</think>` off the start of a streamed content: servers without a reasoning parser leave it there. */
export function splitThinking(): { push(text: string): Split; end(): Split } {
  let state: "start" | "thinking" | "after" | "text" = "start";
  let held = "";

  function push(piece: string): Split {
    if (state === "text") return { text: piece, thinking: "" };
    if (state === "after") return { text: afterMark(piece), thinking: "" };
    held += piece;
    if (state === "start") {
      const begun = held.trimStart();
      if (opening.startsWith(begun.slice(0, opening.length)) && begun.length < opening.length) return { text: "", thinking: "" };
      if (!begun.startsWith(opening)) return letGo();
      state = "thinking";
      held = begun.slice(opening.length);
    }
    const end = held.indexOf(closing);
    if (end >= 0) {
      const thinking = held.slice(0, end);
      const text = afterMark(held.slice(end + closing.length));
      held = "";
      return { text, thinking };
    }
    // The end may hold the first characters of the closing mark.
    const safe = Math.max(0, held.length - closing.length + 1);
    const thinking = held.slice(0, safe);
    held = held.slice(safe);
    return { text: "", thinking };
  }

  /** The blank line behind the mark belongs to neither. */
  function afterMark(piece: string): string {
    const text = piece.trimStart();
    state = text ? "text" : "after";
    return text;
  }

  function letGo(): Split {
    state = "text";
    const text = held;
    held = "";
    return { text, thinking: "" };
  }

  return { push, end: () => (state === "thinking" ? { text: "", thinking: held } : letGo()) };
}
