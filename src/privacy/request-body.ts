/** Keys whose strings are pictures in base64 (Ollama `images`, OpenAI `image_url`). */
const pictureKeys = new Set(["images", "image_url", "input_image"]);

/** Every text in a serialised request, keys included, and how many pictures it holds; what is no JSON is one text. */
export function readRequestBody(body: string): { texts: string[]; pictures: number } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { texts: [body], pictures: 0 };
  }
  const texts = new Set<string>();
  let pictures = 0;
  // A list instead of recursion: a body may be nested deeper than the stack.
  const open: { value: unknown; picture: boolean }[] = [{ value, picture: false }];
  while (open.length > 0) {
    const next = open.pop()!;
    if (typeof next.value === "string") {
      if (next.value.startsWith("data:image/") || (next.picture && isBase64(next.value))) pictures++;
      else if (next.value.trim() !== "") texts.add(next.value);
    } else if (typeof next.value === "number") texts.add(String(next.value));
    else if (Array.isArray(next.value)) for (const each of next.value) open.push({ value: each, picture: next.picture });
    else if (next.value !== null && typeof next.value === "object") {
      for (const [key, each] of Object.entries(next.value)) {
        texts.add(key);
        open.push({ value: each, picture: next.picture || pictureKeys.has(key) });
      }
    }
  }
  return { texts: [...texts], pictures };
}

/** Text set in a picture's place is still text: base64 is long, without blanks, of its alphabet only. */
const isBase64 = (text: string): boolean => text.length >= 32 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);
