/** Longest placeholder that is waited for; a bracket that stays open longer is the text's own. */
const longest = 64;

/**
 * Restores a stream piece by piece: what could still become a placeholder is held back, an open bracket until it closes and
 * the last word, since a model may leave the brackets out.
 */
export function heldBack(restore: (text: string) => string, emit: (text: string) => void): { push(text: string): void; end(): void } {
  let held = "";
  const send = (text: string) => {
    if (text) emit(restore(text));
  };
  return {
    push(text) {
      held += text;
      const cut = safeEnd(held);
      send(held.slice(0, cut));
      held = held.slice(cut);
    },
    end() {
      send(held);
      held = "";
    },
  };
}

function safeEnd(text: string): number {
  const from = Math.max(0, text.length - longest);
  let cut = text.length;
  // Of several open brackets the first may begin a placeholder only if nothing closed it.
  for (let at = text.indexOf("[", from); at !== -1; at = text.indexOf("[", at + 1)) {
    if (!text.includes("]", at)) {
      cut = at;
      break;
    }
  }
  while (cut > from && /[\p{L}\p{N}_\\]/u.test(text[cut - 1]!)) cut--;
  return cut;
}
