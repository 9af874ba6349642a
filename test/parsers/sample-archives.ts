import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { crc32, deflateRawSync } from "node:zlib";
import { create } from "tar";

/** An entry as it is to stand in the zip, and what it is to claim against the truth. */
export interface RawEntry {
  name: string | Buffer;
  bytes?: Uint8Array | string;
  /** UTF-8 flag; default true. */
  utf8?: boolean;
  encrypted?: boolean;
  method?: number;
  unpacked?: number;
  crc?: number;
  /** Unix mode. */
  mode?: number;
  comment?: string;
  /** Place of its own bytes: that of the entry with this index. */
  over?: number;
  zip64?: boolean;
  localName?: string;
}

/** A zip written byte by byte, so that it can be wrong in every way. */
export function rawZip(entries: RawEntry[], { comment = "", zip64 = false }: { comment?: string; zip64?: boolean } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const { header, body, central } = rawEntry(entry);
    const offset = entry.over === undefined ? at : offsets[entry.over]!;
    offsets.push(offset);
    if (entry.over === undefined) {
      parts.push(header, body);
      at += header.length + body.length;
    }
    directory.push(central(offset));
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(zip64 ? 0xffff : entries.length, 8);
  end.writeUInt16LE(zip64 ? 0xffff : entries.length, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : list.length, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...parts, list, ...(zip64 ? [end64(entries.length, list.length, at)] : []), end, Buffer.from(comment)]);
}

function rawEntry({ name, bytes = "", utf8 = true, encrypted = false, method = 8, mode = 0, comment = "", zip64 = false, localName, ...claims }: RawEntry) {
  const content = Buffer.from(bytes);
  const body = method === 8 ? deflateRawSync(content) : content;
  const unpacked = claims.unpacked ?? content.length;
  const flags = (utf8 ? 0x800 : 0) | (encrypted ? 1 : 0);
  const common = (view: Buffer, place: number): void => {
    view.writeUInt16LE(flags, place);
    view.writeUInt16LE(method, place + 2);
    view.writeUInt32LE(claims.crc ?? crc32(content), place + 8);
    view.writeUInt32LE(zip64 ? 0xffffffff : body.length, place + 12);
    view.writeUInt32LE(zip64 ? 0xffffffff : unpacked, place + 16);
  };
  const extra = zip64 ? extra64(unpacked, body.length) : Buffer.alloc(0);
  const local = Buffer.from(localName ?? name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50);
  common(header, 6);
  header.writeUInt16LE(local.length, 26);
  header.writeUInt16LE(extra.length, 28);
  const listed = Buffer.from(name);
  const central = (offset: number): Buffer => {
    const view = Buffer.alloc(46);
    view.writeUInt32LE(0x02014b50);
    view.writeUInt8(mode ? 3 : 0, 5);
    common(view, 8);
    view.writeUInt16LE(listed.length, 28);
    view.writeUInt16LE(extra.length, 30);
    view.writeUInt16LE(Buffer.byteLength(comment), 32);
    view.writeUInt32LE(mode * 65536, 38);
    view.writeUInt32LE(offset, 42);
    return Buffer.concat([view, listed, extra, Buffer.from(comment)]);
  };
  return { header: Buffer.concat([header, local, extra]), body, central };
}

function extra64(unpacked: number, packed: number): Buffer {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(BigInt(unpacked), 4);
  extra.writeBigUInt64LE(BigInt(packed), 12);
  return extra;
}

function end64(entries: number, length: number, at: number): Buffer {
  const end = Buffer.alloc(76);
  end.writeUInt32LE(0x06064b50);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(entries), 24);
  end.writeBigUInt64LE(BigInt(entries), 32);
  end.writeBigUInt64LE(BigInt(length), 40);
  end.writeBigUInt64LE(BigInt(at), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(at + length), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

/** A tar of these files, made by the library that makes the backups; `links` by the path they go to. */
export async function makeTar(files: Record<string, string | Buffer>, { gzip = false, links = {} }: { gzip?: boolean; links?: Record<string, string> } = {}): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-tar-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const [path, target] of Object.entries(links)) await symlink(target, join(folder, path));
  const path = `${folder}.tar`;
  const out = createWriteStream(path);
  create({ cwd: folder, gzip, portable: true }, [...Object.keys(files), ...Object.keys(links)]).pipe(out);
  await finished(out);
  return readFile(path);
}
