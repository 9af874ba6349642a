const maker = Symbol("made by the gate");

/**
 * Bytes that passed the last gate. Nothing else may be sent to a cloud: the transport calls `ClearedRequest.bytes`, which
 * refuses whatever was not made here, at run time too.
 */
export class ClearedRequest {
  readonly #bytes: Uint8Array;
  /** Keyed hash of the bytes, for the audit chain. */
  readonly payloadHmac: string;

  constructor(key: symbol, bytes: Uint8Array, payloadHmac: string) {
    if (key !== maker) throw new TypeError("only the privacy gate makes a ClearedRequest");
    this.#bytes = Uint8Array.from(bytes);
    this.payloadHmac = payloadHmac;
    Object.freeze(this);
  }

  /** A copy: what was cleared cannot be changed afterwards. Throws a TypeError on anything that only looks like one. */
  static bytes(cleared: ClearedRequest): Uint8Array {
    return Uint8Array.from(cleared.#bytes);
  }
}
Object.freeze(ClearedRequest);
Object.freeze(ClearedRequest.prototype);

/** For `privacy/gate.ts` alone (the import law says so). */
export const makeClearedRequest = (bytes: Uint8Array, payloadHmac: string): ClearedRequest => new ClearedRequest(maker, bytes, payloadHmac);
