package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/shapes-desktop/shapes/core/acquire/fetch/faulty"
)

func TestRedact(t *testing.T) {
	for raw, want := range map[string]string{
		"https://a.example/x?b=1&a=2":                                    "https://a.example/x?b=1&a=2",
		"https://me:pw@a.example/x":                                      "https://a.example/x",
		"https://a.example/x?apiKey=123&db=osm&osmIds=-1":                "https://a.example/x?apiKey=***&db=osm&osmIds=-1",
		"https://a.example/x?X-Amz-Signature=12&X-Amz-Credential=3&z=4":  "https://a.example/x?X-Amz-Signature=***&X-Amz-Credential=***&z=4",
		"https://a.example/x?access_token=1#secret":                      "https://a.example/x?access_token=***",
		"https://a.example/x?t%6Fken=1":                                  "https://a.example/x?t%6Fken=***",
		"https://a.example/%":                                            "(an address that cannot be read)",
		"https://a.example/x?recursive&minAdminLevel=4&password=&pass=a": "https://a.example/x?recursive&minAdminLevel=4&password=&pass=***",
	} {
		if got := redact(raw); got != want {
			t.Errorf("%s\n got %s\nwant %s", raw, got, want)
		}
	}
}

// Whatever fails, neither the error, nor what it wraps, nor the log tells a
// secret.
func TestNoSecretGetsOut(t *testing.T) {
	for _, f := range []faulty.Fault{
		faulty.Hangup(), faulty.Truncate(0.5), faulty.NotFound(), faulty.TooMany("3600"), faulty.Status(500, ""), faulty.Loop(),
		faulty.Redirect(302, "https://u:hunter2@foreign.example/?token=hunter2"), faulty.Redirect(302, "http://[hunter2"), faulty.Hops(1), faulty.Endless(),
	} {
		var log bytes.Buffer
		b := newBench(t, func(_ *faulty.Server, o *Options) {
			o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		b.Always(path, f)
		address := strings.Replace(b.URL(), "://", "://me:hunter2@", 1) + path + "?apikey=hunter2"
		got, err := b.client.Fetch(t.Context(), Get{URL: address, Part: b.part, Max: 1 << 20})
		text := fmt.Sprintf("%v %+v %s", err, got, log.String())
		for ; err != nil; err = errors.Unwrap(err) {
			text += err.Error()
		}
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s: %s", f.Name, text)
		}
		if user, password, ok := asBasic(b.Requests()[0]); !ok || user != "me" || password != "hunter2" {
			t.Errorf("the server was not told who asks")
		}
	}
}

func asBasic(r faulty.Request) (user, password string, ok bool) {
	return (&http.Request{Header: r.Header}).BasicAuth()
}
