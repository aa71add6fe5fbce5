package naturalearth

// The table of what each layer holds, of Natural Earth 5.1. Codes are those of
// the attribute ADM0_A3.

// units10m is each area of the layer admin_0 at 1:10m, and how many units it
// has in admin_1.
const units10m = `
ABW:1 AFG:34 AGO:18 AIA:15 ALB:12 ALD:11 AND:7 ARE:9 ARG:24 ARM:11 ASM:5 ATA:2 ATC:1 ATF:4 ATG:8 AUS:11 AUT:9
AZE:78 BDI:17 BEL:11 BEN:12 BFA:45 BGD:7 BGR:28 BHR:5 BHS:30 BIH:18 BJN:0 BLM:1 BLR:7 BLZ:6 BMU:11 BOL:9
BRA:27 BRB:11 BRI:0 BRN:4 BRT:0 BTN:20 BWA:15 CAF:17 CAN:13 CHE:26 CHL:16 CHN:32 CIV:19 CLP:1 CMR:10 CNM:0
COD:11 COG:12 COK:11 COL:34 COM:3 CPV:22 CRI:7 CSI:1 CUB:16 CUW:1 CYM:1 CYN:1 CYP:5 CZE:14 DEU:16 DJI:6 DMA:10
DNK:5 DOM:32 DZA:48 ECU:24 EGY:27 ERI:6 ESB:1 ESP:52 EST:15 ETH:11 FIN:18 FJI:5 FLK:1 FRA:101 FRO:1 FSM:4
GAB:9 GBR:232 GEO:12 GGY:1 GHA:10 GIB:1 GIN:34 GMB:6 GNB:9 GNQ:7 GRC:14 GRD:7 GRL:6 GTM:22 GUM:1 GUY:10 HKG:18
HMD:1 HND:18 HRV:21 HTI:10 HUN:43 IDN:33 IMN:1 IND:36 IOA:2 IOT:1 IRL:34 IRN:31 IRQ:18 ISL:9 ISR:6 ITA:110
JAM:14 JEY:1 JOR:12 JPN:47 KAB:1 KAS:1 KAZ:16 KEN:8 KGZ:8 KHM:24 KIR:2 KNA:14 KOR:17 KOS:30 KWT:6 LAO:17 LBN:6
LBR:15 LBY:22 LCA:11 LIE:11 LKA:25 LSO:10 LTU:10 LUX:3 LVA:119 MAC:1 MAF:1 MAR:16 MCO:1 MDA:40 MDG:22 MDV:21
MEX:33 MHL:2 MKD:84 MLI:9 MLT:68 MMR:14 MNE:21 MNG:22 MNP:4 MOZ:11 MRT:13 MSR:3 MUS:16 MWI:28 MYS:16 NAM:13
NCL:3 NER:8 NFK:1 NGA:37 NIC:17 NIU:1 NLD:15 NOR:21 NPL:14 NRU:14 NZL:24 OMN:11 PAK:8 PAN:12 PCN:1 PER:26
PGA:1 PHL:118 PLW:16 PNG:20 POL:16 PRI:1 PRK:11 PRT:20 PRY:18 PSX:2 PYF:5 QAT:7 ROU:42 RUS:86 RWA:5 SAH:1
SAU:13 SCR:0 SDN:17 SDS:10 SEN:14 SER:0 SGP:5 SGS:1 SHN:3 SLB:10 SLE:4 SLV:14 SMR:9 SOL:1 SOM:13 SPI:0 SPM:2
SRB:25 STP:2 SUR:10 SVK:8 SVN:193 SWE:21 SWZ:4 SXM:1 SYC:26 SYR:15 TCA:6 TCD:22 TGO:5 THA:77 TJK:5 TKM:5
TLS:13 TON:5 TTO:16 TUN:23 TUR:81 TUV:1 TWN:21 TZA:30 UGA:112 UKR:25 UMI:8 URY:19 USA:51 USG:1 UZB:14 VAT:1
VCT:6 VEN:26 VGB:1 VIR:3 VNM:63 VUT:6 WLF:3 WSB:1 WSM:11 YEM:21 ZAF:9 ZMB:10 ZWE:10`

// only10m are not at 1:50m, which has all others.
const only10m = `BJN BRI BRT CLP CNM CSI ESB GIB KAB PGA SCR SER SPI UMI USG WSB`

// all110m are the areas at 1:110m.
const all110m = `
AFG AGO ALB ARE ARG ARM ATA ATF AUS AUT AZE BDI BEL BEN BFA BGD BGR BHS BIH BLR BLZ BOL BRA BRN BTN BWA CAF
CAN CHE CHL CHN CIV CMR COD COG COL CRI CUB CYN CYP CZE DEU DJI DNK DOM DZA ECU EGY ERI ESP EST ETH FIN FJI
FLK FRA GAB GBR GEO GHA GIN GMB GNB GNQ GRC GRL GTM GUY HND HRV HTI HUN IDN IND IRL IRN IRQ ISL ISR ITA JAM
JOR JPN KAZ KEN KGZ KHM KOR KOS KWT LAO LBN LBR LBY LKA LSO LTU LUX LVA MAR MDA MDG MEX MKD MLI MMR MNE MNG
MOZ MRT MWI MYS NAM NCL NER NGA NIC NLD NOR NPL NZL OMN PAK PAN PER PHL PNG POL PRI PRK PRT PRY PSX QAT ROU
RUS RWA SAH SAU SDN SDS SEN SLB SLE SLV SOL SOM SRB SUR SVK SVN SWE SWZ SYR TCD TGO THA TJK TKM TLS TTO TUN
TUR TWN TZA UGA UKR URY USA UZB VEN VNM VUT YEM ZAF ZMB ZWE`

// units50m are the large countries that have admin_1 at 1:50m; how many units
// is not known of each.
const units50m = `AUS:0 BRA:0 CAN:0 CHN:0 IDN:0 IND:0 RUS:0 USA:51 ZAF:0`

// units110m is the only one at 1:110m.
const units110m = `USA:51`

// notACountry is, of areas whose standing is not agreed on, the views in which
// they are no country of their own: those have no area of that code. It is
// known of these four; of others a view may turn out to have none.
const notACountry = `
SOL:arg,bdg,bra,chn,deu,egy,esp,fra,gbr,grc,idn,ind,iso,isr,ita,jpn,kor,mar,nep,nld,pak,pol,prt,pse,rus,sau,swe,tur,ukr,usa,vnm
CYN:arg,bdg,bra,chn,deu,egy,esp,fra,gbr,grc,idn,ind,iso,isr,ita,jpn,kor,mar,nep,nld,pak,pol,prt,pse,rus,sau,swe,twn,ukr,usa,vnm
KOS:arg,bra,chn,esp,grc,idn,ind,iso,mar,nep,pse,rus,ukr,vnm
TWN:bdg,chn,egy,idn,iso,mar,nep
`

// views are the points of view in which borders are drawn, by the code in the
// layer's name, and the country whose view it is ("" for none).
const views = `
arg:ARG bdg:BGD bra:BRA chn:CHN deu:DEU egy:EGY esp:ESP fra:FRA gbr:GBR grc:GRC idn:IDN
ind:IND iso: isr:ISR ita:ITA jpn:JPN kor:KOR mar:MAR nep:NPL nld:NLD pak:PAK pol:POL
prt:PRT pse:PSE rus:RUS sau:SAU swe:SWE tlc: tur:TUR twn:TWN ukr:UKR usa:USA vnm:VNM`
