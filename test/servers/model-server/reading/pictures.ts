import sharp from "sharp";

/** Says of a picture what its bytes say: size, colours, light or dark; the same bytes always give the same words. */
export async function describePicture(base64: string): Promise<{ description: string; kind: string }> {
  const bytes = Buffer.from(base64, "base64");
  try {
    const { width, height, format } = await sharp(bytes).metadata();
    const { channels, entropy } = await sharp(bytes).flatten({ background: "#ffffff" }).stats();
    const light = channels.reduce((sum, each) => sum + each.mean, 0) / channels.length;
    const coloured = Math.max(...channels.map((each) => each.mean)) - Math.min(...channels.map((each) => each.mean)) > 8;
    const kind = light > 200 && entropy < 4 ? (coloured ? "chart" : "text") : entropy > 6 ? "photograph" : "drawing";
    const look = `${light > 128 ? "light" : "dark"}${coloured ? ", coloured" : ", grey"}`;
    return { kind, description: `A ${kind} of ${width} by ${height} pixels (${format}), ${look}.` };
  } catch {
    return { kind: "unreadable", description: "A picture that cannot be read." };
  }
}
