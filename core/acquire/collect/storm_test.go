package collect

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

const stormCells = 300

// world is 300 cells on a server: a quarter behind records of an API and Git LFS
// pointers, a quarter in zips that two addresses have, a quarter as they are, and
// a quarter as answers of Overpass, which all have one address.
type world struct {
	server *faulty.Server
	orders []Order
	truth  []string // hash of each cell's bytes
	paths  [][]string
	index  []string          // hashes of the API's records
	posed  map[string][]byte // answers of Overpass by question
}

func newWorld(t *testing.T) *world {
	w := &world{server: faulty.NewPiped(t), posed: map[string][]byte{}}
	w.server.Answer(overpassPath, func(r faulty.Request) ([]byte, bool) {
		answer, ok := w.posed[r.Form.Get("data")]
		return answer, ok && r.Method == http.MethodPost
	}, faulty.Picky())
	for i := range stormCells {
		country := fmt.Sprintf("%c%c%c", 'A'+i/26/26, 'A'+i/26%26, 'A'+i%26)
		units := 1 + i%7
		data := layer(country, units)
		switch i % 4 {
		case 0:
			w.pointed(country, units, data)
		case 1:
			w.zipped(t, country, units, data)
		case 2:
			w.asked(country, units)
		default:
			w.plain(country, units, data)
		}
	}
	return w
}

func (w *world) add(r source.Request, data []byte, paths ...string) {
	w.orders = append(w.orders, Order{Request: r, AcceptedBy: "ann", Accepted: start()})
	w.truth = append(w.truth, hash(data))
	w.paths = append(w.paths, paths)
}

func stormRequest(country, url string, units int) source.Request {
	return source.Request{
		Source: "geoboundaries", URL: url, Name: country + "_1", Cells: []source.Cell{{Country: country, Level: 1}},
		Expect:  source.Expect{Format: source.GeoJSON, Units: units, Keys: []string{"shapeName", "shapeID"}},
		License: source.License{Name: "ODbL 1.0", Consent: true},
	}
}

// pointed is a record of an API that leads to a pointer that leads to the data.
func (w *world) pointed(country string, units int, data []byte) {
	api := "/www.geoboundaries.org/api/current/gbOpen/" + country + "/ADM1/"
	raw := "/github.com/o/r/raw/9469f09/" + country + ".geojson"
	media := "/media.githubusercontent.com/media/o/r/9469f09/" + country + ".geojson"
	record := fmt.Appendf(nil, `{"gjDownloadURL": "https:/%s"}`, raw)
	w.index = append(w.index, hash(record))
	w.server.Put(api, record, faulty.Plain())
	w.server.Put(raw, pointerTo(data), faulty.Type("text/plain"))
	w.server.Put(media, data)
	r := stormRequest(country, "https:/"+api, 0)
	r.Expect = source.Expect{Format: source.JSON}
	r.Follow = func(answer []byte) (source.Request, error) {
		_, to, ok := strings.Cut(strings.TrimSuffix(string(answer), `"}`), `": "`)
		if !ok {
			return source.Request{}, errors.New("it has no gjDownloadURL")
		}
		return stormRequest(country, to, units), nil
	}
	w.add(r, data, api, raw, media)
}

func (w *world) zipped(t *testing.T, country string, units int, data []byte) {
	first, other := "/naturalearth.s3.amazonaws.com/"+country+".zip", "/naciscdn.org/"+country+".zip"
	archive := zipped(t, country+".geojson", string(data))
	w.server.Put(first, archive)
	w.server.Put(other, archive, faulty.NoRanges())
	r := stormRequest(country, "https:/"+first, units)
	r.Others = []string{"https:/" + other}
	r.Expect.Format, r.Expect.Member = source.Zip, country+".geojson"
	w.add(r, archive, first, other)
}

func (w *world) plain(country string, units int, data []byte) {
	path := "/geodata.ucdavis.edu/gadm/" + country + ".json"
	opts := []faulty.Option{}
	if len(w.orders)%8 < 4 {
		opts = append(opts, faulty.Plain()) // no ETag, no Range
	}
	w.server.Put(path, data, opts...)
	w.add(stormRequest(country, "https:/"+path, units), data, path)
}

const overpassPath = "/overpass-api.de/api/interpreter"

// asked is a question to Overpass.
func (w *world) asked(country string, units int) {
	question := "relation[" + country + "];out geom;"
	var all []string
	for i := range units {
		all = append(all, fmt.Sprintf(`{"type":"relation","id":%d,"members":[{"type":"way","ref":%d,"role":"outer","geometry":`+
			`[{"lat":35,"lon":139},{"lat":35,"lon":140},{"lat":36,"lon":140},{"lat":35,"lon":139}]}],"tags":{"boundary":"administrative","name":"%s %d"}}`,
			i+1, i+1, country, i))
	}
	answer := []byte(answerOf("", all...))
	w.posed[question] = answer
	r := stormRequest(country, "https:/"+overpassPath, units)
	r.Source, r.Form = "osm", "data="+url.QueryEscape(question)
	r.Expect = source.Expect{Format: source.Answer, Keys: []string{"boundary"}, Near: source.Bounds{West: 122, South: 24, East: 154, North: 46}}
	w.add(r, answer, questionAt(overpassPath, question))
}

// questionAt tells requests to one address apart.
func questionAt(path, question string) string {
	if question == "" {
		return path
	}
	return path + "?" + question
}

// overpassFaults are those that only Overpass has: errors in answers that look
// sound.
func overpassFaults() []faulty.Fault {
	return []faulty.Fault{
		faulty.Body("application/json", []byte(answerOf(`runtime error: Query timed out in "query" at line 4 after 2 seconds.`))),
		faulty.Body("application/json", []byte(answerOf("runtime error: Query run out of memory", relation))),
		faulty.Body("text/html", []byte("<html><body><strong>Error</strong>: runtime error: rate_limited</body></html>")),
	}
}

// run asks for all cells, several at once, and returns the errors by cell.
func (w *world) run(t *testing.T, c *Collector) []error {
	t.Helper()
	errs := make([]error, len(w.orders))
	next := make(chan int)
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() {
			for i := range next {
				rec, path, err := c.Get(t.Context(), w.orders[i])
				if errs[i] = err; err != nil {
					continue
				}
				if got, _, err := hashOf(path); err != nil || got != w.truth[i] || rec.SHA256 != w.truth[i] {
					t.Errorf("cell %d: wrong bytes (%v)", i, err)
				}
			}
		})
	}
	for i := range w.orders {
		next <- i
	}
	close(next)
	group.Wait()
	return errs
}

func (w *world) fetcher(t *testing.T) *fetch.Client {
	t.Helper()
	transport := w.server.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	client, err := fetch.New(fetch.Options{
		UserAgent: "Shapes/test (+https://example.org)", Transport: transport,
		Mirrors: w.server.Mirrors("www.geoboundaries.org", "github.com", "media.githubusercontent.com",
			"naturalearth.s3.amazonaws.com", "naciscdn.org", "geodata.ucdavis.edu", "overpass-api.de"),
		Default: fetch.Rule{AtOnce: 4}, Tries: 3,
		Rules:  map[string]fetch.Rule{"overpass-api.de": {AtOnce: 1, Every: time.Second, After429: time.Minute, Idle: 4 * time.Minute}},
		Random: func() float64 { return 0.5 },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// A server drops, stalls, throttles and lies on three requests of ten: every
// cell ends right or with its reason, and what is in the cache is true.
func TestThreeHundredCellsInAStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		dir := filepath.Join(t.TempDir(), "cache")
		store, err := cache.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		client := w.fetcher(t)
		w.server.RandomOf(2028, 0.3, append(faulty.Mischief(), overpassFaults()...)...)
		errs := w.run(t, New(client, store, Options{}))
		requests := w.server.Requests()
		missing := w.judge(t, store, errs)
		w.server.Random(0, 0)
		w.server.Forget()
		t.Logf("storm: %d requests, %d with a fault", len(requests), faults(requests))
		t.Logf("storm: %d of %d cells right, %d with a reason: %s", len(errs)-len(missing), len(errs), len(missing), reasons(errs))

		// As after a new start: nothing is known but what is on the disk.
		if store, err = cache.Open(dir); err != nil {
			t.Fatal(err)
		}
		collector := New(client, store, Options{})
		for i, err := range w.run(t, collector) {
			if err != nil {
				t.Errorf("cell %d on a good day: %v", i, err)
			}
		}
		w.onlyMissing(t, missing)
		t.Logf("calm: %d requests for the %d that were missing", len(w.server.Requests()), len(missing))
		w.server.Forget()
		w.run(t, collector)
		if n := len(w.server.Requests()); n > 0 {
			t.Errorf("%d requests for what is all there", n)
		}
		if problems, err := store.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
			t.Errorf("cache: %v, %v", problems, err)
		}
	})
}

// judge checks every outcome and every byte in the cache, and returns the cells
// that are missing.
func (w *world) judge(t *testing.T, store *cache.Cache, errs []error) map[int]bool {
	t.Helper()
	missing := map[int]bool{}
	for i, err := range errs {
		if err == nil {
			continue
		}
		missing[i] = true
		var e *Error
		if !errors.As(err, &e) || e.Reason == Disk || e.Reason == Consent || e.Says == "" || e.Do == "" || e.URL == "" {
			t.Errorf("cell %d ends without a reason: %v", i, err)
		}
	}
	wrong := 0
	for _, rec := range store.List() {
		if !slices.Contains(w.truth, rec.SHA256) && !slices.Contains(w.index, rec.SHA256) {
			wrong++
		}
	}
	problems, err := store.Verify(t.Context(), nil)
	if err != nil || len(problems) > 0 || wrong > 0 {
		t.Errorf("cache: %v, %v, %d files with wrong bytes", problems, err, wrong)
	}
	t.Logf("storm: %d files in the cache, %d with wrong bytes", len(store.List()), wrong)
	return missing
}

// onlyMissing checks that nothing was asked for but the cells that were missing.
func (w *world) onlyMissing(t *testing.T, missing map[int]bool) {
	t.Helper()
	wanted := map[string]bool{}
	for i := range missing {
		for _, p := range w.paths[i] {
			wanted[p] = true
		}
	}
	for _, r := range w.server.Requests() {
		if at := questionAt(r.Path, r.Form.Get("data")); !wanted[at] {
			t.Errorf("%s was asked for again", at)
		}
	}
}

func faults(requests []faulty.Request) int {
	n := 0
	for _, r := range requests {
		if r.Fault != "ok" {
			n++
		}
	}
	return n
}

// reasons counts the errors by reason.
func reasons(errs []error) string {
	count := map[string]int{}
	for _, err := range errs {
		if err != nil {
			count[string(ReasonOf(err))+"/"+string(fetch.KindOf(err))]++
		}
	}
	var out []string
	for _, r := range slices.Sorted(maps.Keys(count)) {
		out = append(out, fmt.Sprint(r, " ", count[r]))
	}
	return strings.Join(out, ", ")
}
