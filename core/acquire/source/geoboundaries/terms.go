package geoboundaries

import "github.com/shapes-desktop/shapes/core/acquire/source"

const odbl = "ODbL 1.0"

// What licences ask, in the words for people.
const (
	asksNothing      = "Free for any use. geoBoundaries asks to be named."
	asksCredit       = "Free for any use, also commercial, if the source is named and changes are told."
	asksAlike        = "Free for any use, also commercial, if the source is named and what is made of it is shared under the same licence."
	asksNoCommerce   = "Free for use that is not commercial, if the source is named and changes are told."
	asksODbL         = "Free for any use, also commercial, if the source is named. Data made of it, such as tiles, may be given to others under the same licence only; pictures need the credit alone."
	asksINE          = "Free for any use if the source is named; geoBoundaries counts it as share-alike."
	asksPixabay      = "Free for most uses without credit, but not to be sold or handed on by itself, unchanged."
	asksSwisstopo    = "Free for any use if the source is named; geoBoundaries notes special terms: read them."
	asksSALB         = "Free for use that is not commercial, if UN SALB and the country's agency are named. What is made of it is shared under the same terms."
	asksPermission   = "geoBoundaries was given permission to publish the layer, and counts it as share-alike with special terms: read what its makers say before you share or sell what is made of it."
	asksHumanitarian = "Published for humanitarian work. geoBoundaries counts it as share-alike with special terms: read what its makers say before you share or sell what is made of it."
)

// term is a licence as geoBoundaries writes it, in all its spellings.
type term struct {
	words []string
	means source.License
}

// knownTerms returns the licences by the folded words of geoBoundaries. Which
// of them are share-alike or restricted is as its own table of licences has it.
func knownTerms() map[string]source.License {
	out := map[string]source.License{}
	for _, t := range allTerms() {
		l := t.means
		l.Consent = l.Consent || l.ShareAlike || l.NoSharing || l.NonCommercial
		for _, words := range t.words {
			out[fold(words)] = l
		}
	}
	return out
}

func allTerms() []term {
	terms := creativeCommons()
	terms = append(terms, openData()...)
	return append(terms, restricted()...)
}

func creativeCommons() []term {
	const deeds = "https://creativecommons.org/licenses/"
	by := func(name, path string, words ...string) term {
		return term{words, source.License{Name: name, URL: deeds + path, Text: asksCredit}}
	}
	alike := func(name, path string, words ...string) term {
		return term{words, source.License{Name: name, URL: deeds + path, Text: asksAlike, ShareAlike: true}}
	}
	return []term{
		by("CC BY 4.0", "by/4.0/", "Creative Commons Attribution 4.0 International (CC BY 4.0)", "Creative Commons Attribution 4.0 (CC BY 4.0)"),
		by("CC BY 3.0 IGO", "by/3.0/igo/", "Creative Commons Attribution 3.0 Intergovernmental Organisations (CC BY 3.0 IGO)"),
		by("CC BY 3.0", "by/3.0/", "Creative Commons Attribution 3.0 License"),
		by("CC BY 3.0 IT", "by/3.0/it/", "Attribuzione 3.0 Italia (CC BY 3.0 IT)"),
		by("CC BY 2.5", "by/2.5/", "Creative Commons Attribution 2.5 Generic"),
		by("CC BY 2.5 IN", "by/2.5/in/", "Creative Commons Attribution 2.5 India (CC BY 2.5 IN)"),
		by("CC BY 2.5 DK", "by/2.5/dk/", "Attribution 2.5 Denmark (CC BY 2.5 DK)"),
		alike("CC BY-SA 2.0", "by-sa/2.0/", "Creative Commons Attribution-ShareAlike 2.0"),
		alike("CC BY-SA 3.0", "by-sa/3.0/", "Creative Commons Attribution-ShareAlike 3.0 Unported"),
		alike("CC BY-SA 4.0", "by-sa/4.0/", "Creative Commons Attribution-ShareAlike 4.0 International License"),
		{[]string{"CC0 1.0 Universal (CC0 1.0) Public Domain Dedication"}, source.License{
			Name: "CC0 1.0", URL: "https://creativecommons.org/publicdomain/zero/1.0/", Text: asksNothing,
		}},
		{[]string{"Creative Commons Attribution - NonCommercial 4.0 International (CC BY-NC 4.0)"}, source.License{
			Name: "CC BY-NC 4.0", URL: deeds + "by-nc/4.0/", Text: asksNoCommerce, NonCommercial: true,
		}},
	}
}

func openData() []term {
	by := func(name, url string, words ...string) term {
		return term{words, source.License{Name: name, URL: url, Text: asksCredit}}
	}
	return []term{
		{[]string{"Public Domain"}, source.License{Name: "Public domain", Text: asksNothing}},
		{[]string{"Open Data Commons Public Domain Dedication and License (PDDL) v1.0"}, source.License{
			Name: "PDDL 1.0", URL: "https://opendatacommons.org/licenses/pddl/1-0/", Text: asksNothing,
		}},
		{[]string{"Open Data Commons Open Database License 1.0"}, source.License{
			Name: odbl, URL: "https://opendatacommons.org/licenses/odbl/1-0/", Text: asksODbL, ShareAlike: true,
		}},
		by("ODC-By 1.0", "https://opendatacommons.org/licenses/by/1-0/", "Open Data Commons Attribution License 1.0"),
		by("Etalab 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", "Etalab Open License 2.0"),
		by("OGL 3.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "Open Government Licence v3.0"),
		by("OGL 1.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/1/", "Open Government Licence v1.0"),
		by("OGL Canada 2.0", "https://open.canada.ca/en/open-government-licence-canada", "Open Government Canada 2.0"),
		by("DL-DE BY 2.0", "https://www.govdata.de/dl-de/by-2-0", "Data license Germany - Attribution - Version 2.0"),
		by("KOGL Type 1", "https://www.kogl.or.kr/info/license.do", "Korea Open Government License Type 1 (Source Indication)"),
		by("Singapore Open Data 1.0", "https://data.gov.sg/open-data-licence", "Singapore Open Data License Version 1.0"),
	}
}

// restricted are those that ask for more than the name of the source.
func restricted() []term {
	return []term{
		{[]string{"Federal Office of Topography swisstopo License"}, source.License{
			Name: "swisstopo", Text: asksSwisstopo, Consent: true,
		}},
		{[]string{"National Institute of Statistics (INE) Data License"}, source.License{
			Name: "INE Spain", Text: asksINE, ShareAlike: true,
		}},
		{[]string{"Pixabay License for Content"}, source.License{
			Name: "Pixabay", URL: "https://pixabay.com/service/license-summary/", Text: asksPixabay, Consent: true,
		}},
		{[]string{"UN SALB Data License"}, source.License{
			Name: "UN SALB", Text: asksSALB, ShareAlike: true, NonCommercial: true,
		}},
		{[]string{"Korea Open Government License Type 2 (Commercial Use Prohibition)"}, source.License{
			Name: "KOGL Type 2", URL: "https://www.kogl.or.kr/info/license.do", Text: asksNoCommerce, NonCommercial: true,
		}},
		{[]string{"Other - Direct Permission"}, source.License{
			Name: "Other: Direct Permission", Text: asksPermission, ShareAlike: true,
		}},
		{[]string{"Other - Humanitarian"}, source.License{
			Name: "Other: Humanitarian", Text: asksHumanitarian, ShareAlike: true,
		}},
	}
}
