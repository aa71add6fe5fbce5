package source

import (
	"testing"

	"github.com/shapes-desktop/shapes/core/geo/feature"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " a \t b\x00c ": "a b c", "-99": "", "NA": "", "Nan": "Nan", "a\xffb": "ab", "?": "",
	} {
		if got := Line(in, "?"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestISO31662(t *testing.T) {
	for in, want := range map[string]string{
		"JP-13": "JP-13", "CU-99": "CU-99", "": "", "JP": "", "jp-13": "", "-99": "", "JP-": "", "JP-1234": "", "XK-X02~": "", "JPN-13": "",
	} {
		if got := ISO31662(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestAttr(t *testing.T) {
	f := &feature.Feature{Attrs: []feature.Attr{{Key: "NAME", Value: feature.StringValue("a")}, {Key: "name", Value: feature.StringValue("b")}}}
	for key, want := range map[string]string{"name": "b", "NAME": "a", "Name": "a"} {
		if v, ok := Attr(f, key); !ok || v.String() != want {
			t.Errorf("%s: %q, want %q", key, v.String(), want)
		}
	}
	if _, ok := Attr(f, "other"); ok {
		t.Error("an attribute that is not there")
	}
}

func TestUnitID(t *testing.T) {
	seen := map[uint64]Unit{}
	for _, u := range []Unit{
		{Source: "a", Code: "1"}, {Source: "a", Code: "2"}, {Source: "b", Code: "1"}, {Source: "a", Code: "1", Cell: Cell{Level: 1}},
	} {
		id := u.ID()
		if id == 0 || id >= 1<<53 || id != u.ID() {
			t.Errorf("id %d", id)
		}
		if other, ok := seen[id]; ok {
			t.Errorf("%+v and %+v have one id", u, other)
		}
		seen[id] = u
	}
}
