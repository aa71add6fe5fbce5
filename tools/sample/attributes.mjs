// The attributes of countries and first-level units, in the order they are
// written. An attribute without an honest value is left out, never "-99".
import { readFileSync } from "node:fs";
import * as cldr from "./cldr.mjs";

const entities = JSON.parse(readFileSync(new URL("entities.json", import.meta.url), "utf8"));
const words = (text) => new Set(text.split(" "));
const disputed = words(entities.disputed);
const types = Object.entries(entities.types).map(([type, codes]) => [type, words(codes)]);

const compact = (object) => Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined && v !== ""));
const text = (value) => (typeof value === "string" ? value.replace(/[\u200e\u200f]/g, "").replace(/\s+/g, " ").trim().normalize("NFC") : "");

// The alpha-2 code of the entity that a unit belongs to, or undefined.
function isoA2(row) {
  const entity = entities.countries[row.adm0_a3];
  if (entity && entity.iso_a2 === null) return undefined;
  return /^[A-Z]{2}$/.test(row.iso_a2) ? row.iso_a2 : undefined;
}

// The alpha-2 code of a country: that of most of its units (a few outlying
// ones, such as Tokelau under New Zealand, have their own).
function countryA2(rows) {
  const votes = new Map();
  for (const row of rows) votes.set(isoA2(row), (votes.get(isoA2(row)) ?? 0) + 1);
  return [...votes].sort((a, b) => b[1] - a[1])[0][0];
}

// How early a label is wanted, 2 (first) to 7, from area and population.
function labelRank(squareKm, people) {
  const steps = [[1e6, 1e8], [3e5, 3e7], [1e5, 1e7], [2e4, 2e6], [2e3, 2e5]];
  const step = steps.findIndex(([area, heads]) => squareKm >= area || people >= heads);
  return step < 0 ? 7 : step + 2;
}

// Attributes of the country adm0_a3, from the rows of its units and its area.
export function country(code, rows, squareKm) {
  const a2 = countryA2(rows);
  const own = entities.countries[code] ?? {};
  const name = own.name_en ?? cldr.englishName(a2);
  return compact({
    name,
    name_en: name,
    name_local: own.name_local ?? cldr.localName(a2),
    name_ja: own.name_ja ?? cldr.nameIn(a2, "ja"),
    adm_level: 0,
    iso_a2: a2,
    iso_a3: cldr.isoA3(a2),
    code,
    adm0_a3: code,
    type: types.find(([, codes]) => codes.has(code))?.[0] ?? "Sovereign country",
    type_en: types.find(([, codes]) => codes.has(code))?.[0] ?? "Sovereign country",
    continent: own.continent ?? cldr.continent(a2),
    labelrank: labelRank(squareKm, own.population ?? cldr.population(a2)),
    disputed: disputed.has(code) ? 1 : 0,
  });
}

// Natural Earth's column for a language that is not written in Latin letters.
const COLUMNS = {
  ar: "name_ar", bn: "name_bn", el: "name_el", fa: "name_fa", he: "name_he", hi: "name_hi", ja: "name_ja",
  ko: "name_ko", ru: "name_ru", uk: "name_uk", ur: "name_ur", zh: "name_zh", zh_Hant: "name_zht",
};
const LATIN = /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u;

// The name of a unit as people there write it: Natural Earth's local name,
// else its column for the country's first language, else the name itself
// where that language is written in Latin letters; else unknown.
function unitLocalName(row, a2) {
  const names = text(row.name_local).split("|");
  const local = a2 === "CN" ? names[names.length - 1] : names[0];
  if (local) return local;
  const language = a2 ? cldr.languages(a2)[0] : undefined;
  if (COLUMNS[language]) return text(row[COLUMNS[language]]);
  const countryName = entities.countries[row.adm0_a3]?.name_local ?? cldr.localName(a2);
  return countryName && LATIN.test(countryName.split(" / ")[0]) ? text(row.name) : undefined;
}

// ISO 3166-2 as published, without Natural Earth's placeholders ("XK-X02~",
// "-99-X11~") and the codes it makes up for Macao, Gaza and the West Bank.
const MADE_UP = new Set(["MO-M", "PS-GZZ", "PS-WBK"]);

function iso31662(row) {
  const code = text(row.iso_3166_2);
  return /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code) && !MADE_UP.has(code) ? code : undefined;
}

// The two Indian Ocean territories share a country row; their units have codes.
const OWN_A2 = { CCK: "CC", CXR: "CX" };

// Attributes of a first-level unit.
export function unit(row) {
  const own = entities.units[row.adm1_code] ?? {};
  const a2 = OWN_A2[row.gu_a3] ?? isoA2(row);
  const subdivision = iso31662(row);
  const unrecognised = Object.keys(row).some((key) => key.startsWith("FCLASS_") && row[key] !== "");
  const claimed = subdivision === "UA-43" || subdivision === "UA-40"; // Crimea and Sevastopol, drawn in Russia
  return compact({
    name: own.name ?? text(row.name),
    name_en: own.name ?? text(row.name_en),
    name_local: own.name ?? unitLocalName(row, a2),
    name_ja: own.name_ja ?? text(row.name_ja),
    adm_level: 1,
    iso_a2: a2,
    iso_a3: cldr.isoA3(a2),
    iso_3166_2: subdivision,
    code: row.adm1_code,
    parent_code: row.adm0_a3,
    adm0_a3: row.adm0_a3,
    type: text(row.type).replaceAll("|", " / "),
    type_en: text(row.type_en).replaceAll("|", " / "),
    disputed: unrecognised || claimed || disputed.has(row.adm0_a3) ? 1 : 0,
  });
}
