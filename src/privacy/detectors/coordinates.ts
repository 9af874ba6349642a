import { hasContext, wordList, type Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

const decimal = guarded(/(?<![\d.,-])[+-]?(?:[1-8]?\d|90)[.]\d{3,10}°?[ ]?[NSns]?[,;/ ]{1,3}[+-]?(?:1[0-7]\d|[1-9]?\d|180)[.]\d{3,10}(?!\d|[.,]\d)/g);
const sexagesimal = guarded(/(?<![\d.,])\d{1,3} ?° ?\d{1,2} ?['’] ?(?:\d{1,2}(?:[.,]\d{1,4})? ?(?:["”]|''))? ?[NSEWO](?![\p{L}])/gu);
const words = wordList("gps, coordinates, coordinate, latitude, longitude, lat, lon, lng, koordinaten, breitengrad, längengrad, breite, länge, coordonnées, coordenadas, latitud, longitud, location, position, standort, located");

/** Geographic coordinates in degrees. */
export const coordinates: Detector = {
  id: "coordinates",
  kinds: ["coordinates"],
  *find(view) {
    for (const match of matchesIn(view, decimal)) {
      const end = match.index + match[0].length;
      const precise = (match[0].match(/\.\d{4,}/g)?.length ?? 0) === 2;
      if (hasContext(view, match.index, end, words)) yield { kind: "coordinates", start: match.index, end, score: 0.9 };
      else if (precise) yield { kind: "coordinates", start: match.index, end, score: 0.6 };
    }
    for (const match of matchesIn(view, sexagesimal)) yield { kind: "coordinates", start: match.index, end: match.index + match[0].length, score: 0.85 };
  },
};
