/** The parts of Ollama's wire protocol that this server speaks; shapes as in the vendor's published API description. */

export interface ChatMessage {
  role: string;
  content: string;
  /** Base64. */
  images?: string[];
  tool_calls?: ToolCall[];
}

export interface ToolCall {
  function: { name: string; arguments: Record<string, unknown> };
}

export interface ToolDefinition {
  type: string;
  function: { name: string; description?: string; parameters?: JsonSchema };
}

/** A JSON schema as far as it is read here. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  default?: unknown;
  minimum?: number;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
}

/** `/api/chat` and `/api/generate` after reading, in one shape. */
export interface Generation {
  model: string;
  messages: ChatMessage[];
  format: JsonSchema | "json" | null;
  think: boolean | string | null;
  tools: ToolDefinition[];
  stream: boolean;
  options: { num_ctx?: number; num_predict?: number; stop?: string[] };
  truncate: boolean;
}

/** What a rule or a script answers with; `thinking` is sent only when the request asks for it. */
export interface Reply {
  content: string;
  thinking?: string;
  toolCalls?: ToolCall[];
}

/** An answer that is an HTTP error with Ollama's `{ "error": … }` body. */
export class HttpFailure extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Reads the body of `/api/chat` or `/api/generate`; throws a 400 as the real server does. */
export function readGeneration(path: string, body: Record<string, unknown>): Generation {
  if (typeof body.model !== "string" || !body.model) throw new HttpFailure(400, "model is required");
  const messages: ChatMessage[] = path === "/api/chat" ? ((body.messages as ChatMessage[] | undefined) ?? []) : [];
  if (path === "/api/generate") {
    if (typeof body.system === "string" && body.system) messages.push({ role: "system", content: body.system });
    messages.push({ role: "user", content: String(body.prompt ?? ""), ...(Array.isArray(body.images) ? { images: body.images as string[] } : {}) });
  }
  for (const message of messages) {
    if (!["system", "user", "assistant", "tool"].includes(message.role)) throw new HttpFailure(400, `invalid message role: ${message.role}`);
  }
  return {
    model: body.model,
    messages,
    format: (body.format as JsonSchema | "json" | undefined) || null,
    think: (body.think as boolean | string | undefined) ?? null,
    tools: (body.tools as ToolDefinition[] | undefined) ?? [],
    stream: body.stream !== false,
    options: (body.options as Generation["options"] | undefined) ?? {},
    truncate: body.truncate !== false,
  };
}
