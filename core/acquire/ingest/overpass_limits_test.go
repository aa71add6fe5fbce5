package ingest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestOverpassLimits exceeds each limit by a little, and stays within it by a
// little.
func TestOverpassLimits(t *testing.T) {
	square := []testWay{outer(unitSquare)}
	two := answer(relation(1, adminTags, square), relation(2, adminTags, square))
	held := answer(`{"type":"relation","id":1,"tags":{"type":"boundary"},"members":[{"type":"way","ref":5}]}`,
		`{"type":"way","id":5,"nodes":[1,2,3,1]}`, `{"type":"node","id":1,"lat":0,"lon":0}`, `{"type":"node","id":2,"lat":1,"lon":0}`, `{"type":"node","id":3,"lat":1,"lon":1}`)
	waiting := `{"type":"relation","id":1,"tags":{"type":"boundary"},"members":[{"type":"way","ref":5}]}`
	tests := []struct {
		name, text string
		tight, ok  Limits
		want       string
	}{
		{"features", two, Limits{Features: 1}, Limits{Features: 2}, "more than 1 features (layer a, feature 1)"},
		{"features that wait", answer(relation(9, adminTags, square), waiting, waiting), Limits{Features: 2}, Limits{Features: 3}, "more than 2 features"},
		{"vertices", two, Limits{Vertices: 9}, Limits{Vertices: 10}, "more than 9 vertices (layer a, feature 1)"},
		{"vertices of one", two, Limits{VerticesPerFeature: 4}, Limits{VerticesPerFeature: 5}, "more than 4 vertices in one feature (layer a, feature 0)"},
		{"nodes apart", held, Limits{VerticesPerFeature: 9}, Limits{VerticesPerFeature: 10}, "more than 9 nodes of ways that are apart from their relations"},
		{"text", two, Limits{TextBytes: 10}, Limits{TextBytes: 40}, "more than 10 bytes of text"},
		{"depth", two, Limits{Depth: 5}, Limits{Depth: 7}, "more than 5 levels of nesting"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tryRead("a.json", []byte(tt.text), Options{Limits: tt.tight})
			var limit *LimitError
			if !errors.As(err, &limit) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if _, err := tryRead("a.json", []byte(tt.text), Options{Limits: tt.ok}); err != nil {
				t.Errorf("within the limit: %v", err)
			}
		})
	}
	many := relation(1, adminTags, square, strings.Repeat(`{},`, 100)+`{}`)
	if _, err := tryRead("a.json", []byte(answer(many)), Options{Limits: Limits{VerticesPerFeature: 50}}); err == nil || !strings.Contains(err.Error(), "more than 50 members of one relation") {
		t.Errorf("members: %v", err)
	}
}

// TestOverpassDamaged: what is wrong, where, and what to do.
func TestOverpassDamaged(t *testing.T) {
	whole := answer(relation(1, adminTags, []testWay{outer(unitSquare)}), relation(2, adminTags, []testWay{outer(unitSquare)}))
	tests := []struct {
		name, text string
		is         error
		want       string
	}{
		{"cut short", whole[:len(whole)-40], ErrDamaged, "(last whole feature: 0)"},
		{"cut short in a point", whole[:strings.Index(whole, `"lon": 4`)+8], ErrDamaged, "ends early"},
		{"elements are no list", `{"elements":{}}`, ErrDamaged, `"elements" is not a list`},
		{"an element is a number", `{"elements":[7]}`, ErrDamaged, "'7' where '{' should be"},
		{"only nodes", answer(`{"type":"node","id":1,"lat":1,"lon":1}`), ErrNoFeatures, "1 nodes and 0 ways, but no relation"},
		{"empty", answer(), ErrNoFeatures, "OpenStreetMap has no such relation"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tryRead("a.json", []byte(tt.text), Options{})
			if !errors.Is(err, tt.is) || !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
