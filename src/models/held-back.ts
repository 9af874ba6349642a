/** Longest placeholder that is waited for; a bracket that stays open longer is the text's own. */
const longest = 64;

/** Restores a stream piece by piece: an open bracket is held back until it closes, since it may be a placeholder. */
export function heldBack(restore: (text: string) => string, emit: (text: string) => void): { push(text: string): void; end(): void } {
  let held = "";
  const send = (text: string) => {
    if (text) emit(restore(text));
  };
  return {
    push(text) {
      held += text;
      const open = held.lastIndexOf("[");
      const waits = open >= 0 && !held.includes("]", open) && held.length - open <= longest;
      send(waits ? held.slice(0, open) : held);
      held = waits ? held.slice(open) : "";
    },
    end() {
      send(held);
      held = "";
    },
  };
}
