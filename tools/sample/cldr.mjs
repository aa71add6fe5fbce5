// Country names, codes and continents from the Unicode CLDR packages.
import { existsSync, readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(`node_modules/${path}`, import.meta.url), "utf8"));
const supplemental = (name) => read(`cldr-core/supplemental/${name}.json`).supplemental;

const alpha3 = supplemental("codeMappings").codeMappings;
const info = supplemental("territoryInfo").territoryInfo;
const containment = supplemental("territoryContainment").territoryContainment;

// ISO 3166-1 alpha-3 of an alpha-2 code. CLDR's private XKK for Kosovo is
// replaced by XKX, which the European Union and Natural Earth use.
export const isoA3 = (a2) => (a2 === "XK" ? "XKX" : alpha3[a2]?._alpha3);

export const population = (a2) => Number(info[a2]?._population ?? 0);

const CONTINENTS = { "002": "Africa", "003": "North America", "005": "South America", 142: "Asia", 150: "Europe", "009": "Oceania", AQ: "Antarctica" };

// The continent of a territory by the UN M49 groups; the few territories that
// M49 puts under no group are in the table of entities.
export function continent(a2) {
  for (const [group, name] of Object.entries(CONTINENTS)) if (group === a2 || contains(group, a2)) return name;
  return undefined;
}

function contains(group, a2) {
  const members = containment[group]?._contains ?? [];
  return members.includes(a2) || members.some((m) => contains(m, a2));
}

const locales = new Map();

function territories(locale) {
  if (!locales.has(locale)) {
    const path = `cldr-localenames-full/main/${locale}/territories.json`;
    const there = existsSync(new URL(`node_modules/${path}`, import.meta.url));
    locales.set(locale, there ? read(path).main[locale].localeDisplayNames.territories : undefined);
  }
  return locales.get(locale);
}

// Codes whose short form is the usual one on maps.
const SHORT = new Set(["HK", "MO", "PS", "MM"]);

// The name of a territory in a language, or undefined where CLDR has none.
export function nameIn(a2, language) {
  const [lang, script] = language.split(/[-_]/);
  const candidates = script ? [`${lang}-${script}-${a2}`, `${lang}-${script}`] : [];
  for (const locale of [...candidates, `${lang}-${a2}`, lang]) {
    const names = territories(locale);
    const name = (SHORT.has(a2) && names?.[`${a2}-alt-short`]) || names?.[a2];
    if (name && name !== a2) return name.replace(/\s*[((].*[))]$/, "").normalize("NFC");
  }
  return undefined;
}

// English as it stands on maps: "Saint" and "and" written out.
export const englishName = (a2) => nameIn(a2, "en")?.replace(/\bSt\b\.?/, "Saint").replace(" & ", " and ");

// The official languages of a territory, most spoken first; English only
// where no other language is official.
export function languages(a2) {
  const spoken = Object.entries(info[a2]?.languagePopulation ?? {})
    .filter(([, l]) => l._officialStatus === "official" || l._officialStatus === "de_facto_official")
    .sort(([a, x], [b, y]) => y._populationPercent - x._populationPercent || (a < b ? -1 : 1))
    .map(([code]) => code);
  const others = spoken.filter((code) => code !== "en");
  return others.length > 0 ? others : spoken;
}

// The name in up to three official languages, joined by " / "; repeated names once.
export function localName(a2) {
  const names = [];
  for (const language of languages(a2)) {
    const name = language === "en" ? englishName(a2) : nameIn(a2, language);
    if (name && !names.some((n) => n.toLowerCase() === name.toLowerCase())) names.push(name);
    if (names.length === 3) break;
  }
  return names.length > 0 ? names.join(" / ") : undefined;
}
