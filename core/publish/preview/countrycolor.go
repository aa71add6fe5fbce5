package preview

import (
	"hash/fnv"
	"strings"
)

// colorClasses puts countries (codes of Natural Earth and ISO 3166-1 alpha-3)
// into classes of which no two neighbours share one: a colouring of the graph
// of land borders, near coasts kept apart where seven colours suffice. It was
// computed from the borders of Natural Earth 1:10m.
func colorClasses() [7]string {
	return [7]string{
		"ATC BRI CNM COL DJI ESH FLK FRA GNB GUM HUN JPN KAZ KEN KOS MAF MDA MLT MMR " +
			"MOZ NIU PAK PHL PRK SAH SAU SGP SLV SMR SPM SWE TCA TGO TUN TUR USA USG WLF " +
			"XKK XKO XKX",
		"ABW AND ATF BEL BTN CAN COD COM CPV CRI GNQ IRQ ITA KAB KNA LCA MAR MDV MKD " +
			"MLI NFK PER PSE PSX QAT RUS SDN SOM SPI SVK TJK TON TUV UMI VIR VNM WSB ZWE",
		"ALB BGR BRA CAF CHE CHL CHN CIV COK CUB CYP ECU EGY ESP ETH FJI GMB HRV IRL " +
			"IRN KHM LKA LSO MDG MHL MYS NAM NER NIC NLD SCR SER SHN SXM TZA VAT VCT",
		"ASM AZE BGD BHR BHS BIH BJN BOL BRT CLP DEU GBR GRD HND IDN ISL KGZ KIR KWT " +
			"LBR LVA MAC MCO MRT MSR MWI NGA PGA RWA SDS SGS SSD SUR SYC SYR TWN UKR VGB",
		"AGO ARG AUT BLM BMU BRN CMR ESB EST GHA GTM HKG IND IOA IOT JAM JEY JOR LAO " +
			"LBY LUX MNE NOR PLW PNG POL PRI PRT PYF SLE TKM TTO UGA VUT WSM YEM ZAF",
		"ATA ATG AUS BDI BFA BLR BLZ BWA COG CUW CYM CZE FIN FRO GEO GGY GIB GIN GUY " +
			"HMD HTI ISR KAS LIE NCL NPL NZL OMN PCN PRY SLB SOL SRB STP TCD TLS UZB",
		"AFG AIA ALA ALD ARE ARM BEN BRB CSI CYN DMA DNK DOM DZA ERI FSM GAB GRC GRL " +
			"IMN KOR LBN LTU MEX MNG MNP MUS NRU PAN ROU SEN SVN SWZ THA URY VEN ZMB",
	}
}

// countryColor is the colour class of a country: a small number that is the
// same in every tile and every run. Codes not in the table take their hash.
func countryColor(code string) int {
	for i, class := range colorClasses() {
		if len(code) == 3 && strings.Contains(class, code) {
			return i
		}
	}
	h := fnv.New32a()
	h.Write([]byte(code))
	return int(h.Sum32() % 7)
}
