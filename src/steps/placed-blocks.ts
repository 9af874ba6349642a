import type { Block } from "../data/block.ts";

/** A block with its place in the document's text. */
export interface PlacedBlock extends Block {
  start: number;
  end: number;
}

/** The document's text is its blocks joined by an empty line; every offset outside chunks counts in it. */
export function placeBlocks(blocks: Block[]): PlacedBlock[] {
  let position = 0;
  return blocks.map((block) => {
    const start = position;
    position = start + block.text.length + 2;
    return { ...block, start, end: start + block.text.length };
  });
}
