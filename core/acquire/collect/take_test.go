package collect

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

const oneUnit = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"GID_0":"JPN"},` +
	`"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}`

// TestOtherForm: the same data packed at one address and plain at the other are
// each judged by their own address.
func TestOtherForm(t *testing.T) {
	b := newBench(t)
	const plain = "https://example.org/a.json"
	r := source.Request{
		Name: "a.json.zip", URL: plain + ".zip", Others: []string{plain},
		Expect: source.Expect{Format: source.Zip, Member: "a.json", Keys: []string{"GID_0"}},
	}
	b.fake.put(plain, []byte(oneUnit))
	rec, _, err := b.Get(t.Context(), Order{Request: r})
	if err != nil || rec.Size != int64(len(oneUnit)) {
		t.Fatalf("%d bytes, %v", rec.Size, err)
	}
	if !b.Has(&r) {
		t.Error("it is not said to be at hand")
	}
}

// TestTake: a file of the user's own goes through the same checks as a
// download, and then stands for it.
func TestTake(t *testing.T) {
	b := newBench(t)
	r := source.Request{
		Name: "a.json", URL: "https://example.org/a.json",
		Expect:  source.Expect{Format: source.GeoJSON, Keys: []string{"GID_0"}},
		License: source.License{Name: "GADM", Consent: true},
	}
	good, bad := filepath.Join(t.TempDir(), "mine.json"), filepath.Join(t.TempDir(), "page.json")
	for path, text := range map[string]string{good: oneUnit, bad: "<html>Sorry</html>"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Take(t.Context(), Order{Request: r}, good); !errors.Is(err, ErrConsent) {
		t.Fatalf("without consent: %v", err)
	}
	o := Order{Request: r, AcceptedBy: "ann", Accepted: start()}
	if _, err := b.Take(t.Context(), o, bad); err == nil || b.Has(&r) {
		t.Fatalf("a page was taken: %v", err)
	}
	if _, err := b.Take(t.Context(), o, good); err != nil || !b.Has(&r) {
		t.Fatal(err)
	}
	if _, _, err := b.Get(t.Context(), o); err != nil || b.fake.urls() != "" {
		t.Fatalf("a server was asked all the same: %v", err)
	}
	o.Request.Follow = func([]byte) (source.Request, error) { return r, nil }
	o.Request.URL = "https://example.org/api/"
	if _, err := b.Take(t.Context(), o, good); !errors.Is(err, ErrSteps) {
		t.Errorf("a request in steps: %v", err)
	}
}
