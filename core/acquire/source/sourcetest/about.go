package sourcetest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// testAbout: a card can be drawn of what the source says, and each of its
// choices can be made.
func testAbout(t *testing.T, c Case) {
	a := c.Provider.About()
	if _, known := shape.TermsOf(a.Source); !known {
		t.Errorf("the source %q has no terms in model/shape", a.Source)
	}
	for _, part := range [][2]string{
		{"name", a.Name}, {"summary", a.Summary}, {"licence's name", a.License.Name}, {"licence's text", a.License.Text},
	} {
		if strings.TrimSpace(part[1]) == "" {
			t.Errorf("%s: the %s is empty", a.Source, part[0])
		}
	}
	checkAddress(t, "homepage", a.Homepage, nil)
	if len(a.Formats) == 0 || a.Vintage == "" {
		t.Errorf("%s: formats %q and vintage %q must be said", a.Source, a.Formats, a.Vintage)
	}
	seen := map[string]bool{}
	for _, choice := range a.Choices {
		if seen[choice.Key] {
			t.Errorf("the choice %q is there twice", choice.Key)
		}
		seen[choice.Key] = true
		testChoice(t, c.Provider, choice)
	}
}

func testChoice(t *testing.T, p source.Provider, choice source.Choice) {
	var v shape.Variant
	if !v.Set(choice.Key, choice.Default) {
		t.Errorf("the choice %q is no field of shape.Variant", choice.Key)
	}
	if choice.Title == "" || len(choice.Values) < 2 {
		t.Errorf("choice %q: title %q, %d values", choice.Key, choice.Title, len(choice.Values))
	}
	seen, hasDefault := map[string]bool{}, false
	for _, value := range choice.Values {
		if seen[value.Value] || value.Title == "" {
			t.Errorf("choice %q: value %q has title %q, or is there twice", choice.Key, value.Value, value.Title)
		}
		seen[value.Value] = true
		hasDefault = hasDefault || value.Value == choice.Default
		v.Set(choice.Key, value.Value)
		if _, err := p.Offers(v); err != nil {
			t.Errorf("choice %q: value %q is refused: %v", choice.Key, value.Value, err)
		}
	}
	if !hasDefault {
		t.Errorf("choice %q: the default %q is none of its values", choice.Key, choice.Default)
	}
}

// checkAddress: https, of one of the hosts if there are any, and nothing in it
// that is not the address.
func checkAddress(t testing.TB, what, address string, hosts []string) {
	t.Helper()
	u, err := url.Parse(address)
	switch {
	case err != nil:
		t.Errorf("%s: %v", what, err)
	case u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "":
		t.Errorf("%s: %q is no plain https address", what, address)
	case len(hosts) > 0 && !hostIn(u.Hostname(), hosts):
		t.Errorf("%s: the host of %q is none of %q", what, address, hosts)
	}
}

func hostIn(host string, hosts []string) bool {
	for _, h := range hosts {
		if below, wild := strings.CutPrefix(h, "*"); host == h || wild && strings.HasSuffix(host, below) {
			return true
		}
	}
	return false
}

// checkLicense: it says what may be done and how to credit.
func checkLicense(t testing.TB, what string, l source.License) {
	t.Helper()
	if l.Name == "" || l.Text == "" || l.Attribution == "" {
		t.Errorf("%s: licence %q says %q and asks for the credit %q: none may be empty", what, l.Name, l.Text, l.Attribution)
	}
	if l.URL != "" {
		checkAddress(t, what+": licence", l.URL, nil)
	}
	if l.NoSharing && l.ShareAlike {
		t.Errorf("%s: licence %q both forbids sharing and asks for it", what, l.Name)
	}
}
