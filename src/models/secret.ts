/** A value that no log, JSON, or string conversion shows; only `reveal` gives it out, and only a transport calls that. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  static reveal(secret: Secret): string {
    return secret.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

/** Keys people leave in from an example: `sk-...`, `your-api-key`, `<key>`, `changeme`, a `${VAR}` nobody resolved. */
export function isPlaceholder(secret: Secret): boolean {
  const value = Secret.reveal(secret).trim();
  return value === "" || /^(sk-)?\.{2,}$|^sk-[.…x*]+$|^\$\{.*\}$|^<.*>$|^x+$|changeme|your[-_ ]?(ollama[-_ ]?)?(api[-_ ]?)?key/iu.test(value);
}

/** Why a cloud cannot be asked with this key, or null. */
export function keyFault({ apiKey }: { apiKey: Secret | null }): string | null {
  if (!apiKey) return "it has no apiKey";
  return isPlaceholder(apiKey) ? "its apiKey is a placeholder" : null;
}
