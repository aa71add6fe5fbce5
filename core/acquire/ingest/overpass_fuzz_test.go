package ingest

import "testing"

func FuzzOverpass(f *testing.F) {
	f.Add([]byte(answer(relation(1, adminTags, []testWay{outer("2,2 0,2 0,0"), outer("0,0 2,0 2,2"), outer("2,2 4,2 4,4"), outer("2,2 2,4 4,4"), inner("0,0 1,1 0,1 0,0")}))))
	f.Add([]byte(answer(relation(1, adminTags, []testWay{outer("0,0 1,3 0,6"), outer("0,0 2,3 0,6"), outer("0,0 -1,3 0,6"), outer("0,0 -2,3 - 0,6")}, `{"type":"relation","ref":1,"role":"inner"}`))))
	f.Add([]byte(`{"elements":[{"type":"relation","id":1,"tags":{"type":"boundary"},"members":[{"type":"way","ref":2,"role":""}]},{"type":"way","id":2,"nodes":[1,2,3,1]},{"type":"node","id":1,"lat":0,"lon":0},{"type":"node","id":2,"lat":1,"lon":0},{"type":"node","id":3,"lat":1,"lon":1e0}],"remark":"x"}`))
	f.Add([]byte(answer(relation(1, adminTags, []testWay{outer("0,0 5,1 9,0"), outer("0,0 5,-1 9,0"), outer("0,0 5,2 8,2 8,-2 9,0"), outer("0,0 5,3 9,0")}))))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.json", data) })
}

func FuzzNominatim(f *testing.F) {
	f.Add([]byte(`[` + place(`{"type":"Polygon","coordinates":`+squareText+`}`) + `]`))
	f.Add([]byte(place(`{"type":"Point","coordinates":[1,2]}`)))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.json", data) })
}
