/** Answers shared between documents of one tenant; may be lost at any time. Rows carry the documents they came from. */
export interface Cache {
  get(tenant: string, key: string): Promise<string | null>;
  set(tenant: string, key: string, value: string, options: { ttlSeconds: number; documentIds: string[] }): Promise<void>;
  eraseDocuments(documentIds: string[]): Promise<void>;
  close(): Promise<void>;
}
