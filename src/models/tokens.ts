/** Tokens one picture is counted as: the upper end of what current vision models use. */
const pictureTokens = 2000;

/**
 * A quick count that errs upwards: no tokenizer, since it stands on the path of every call. Latin text has 3.5 to 5
 * characters a token, digits up to one each, other scripts up to 1.5 tokens a character. `Calibration` brings it near a model's own count.
 */
export function estimateTokens(texts: string[], pictures = 0): number {
  let tokens = pictures * pictureTokens;
  for (const text of texts) {
    let latin = 0;
    let digits = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 48 && code <= 57) digits++;
      else if (code < 0x250) latin++;
    }
    tokens += latin / 3.2 + digits + (text.length - latin - digits) * 1.5 + 8;
  }
  return Math.ceil(tokens);
}

/** A count that a server reported; null where it is missing, nothing, or no count at all. */
export const countOf = (value: number | null | undefined): number | null => (Number.isSafeInteger(value) && value! > 0 ? value! : null);

/** What a model reported ÷ what was estimated, the highest seen of late: an upper estimate stays one. */
export class Calibration {
  readonly #ratios = new Map<string, number>();

  learn(model: string, estimated: number, reported: number): void {
    if (estimated < 50 || reported <= 0) return;
    const ratio = reported / estimated;
    this.#ratios.set(model, Math.max(ratio, (this.#ratios.get(model) ?? ratio) * 0.99));
  }

  /** Never below the plain estimate. */
  upper(model: string, estimated: number): number {
    return Math.ceil(estimated * Math.max(1, this.#ratios.get(model) ?? 1));
  }
}
