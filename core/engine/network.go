package engine

import (
	"fmt"
	"net/url"
	"strings"
)

// MirrorsEnv is the environment variable that names mirrors, separated by
// blanks, for window and command.
const MirrorsEnv = "SHAPES_MIRRORS"

// ParseMirrors reads mirrors of the form FROM=TO: addresses that begin with
// FROM are asked for with TO in its place. Both are whole beginnings of
// addresses and end in a slash.
func ParseMirrors(texts []string) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range texts {
		from, to, ok := splitMirror(text)
		if !ok {
			return nil, saying{ErrUsage, fmt.Sprintf("mirror %q: must be FROM=TO, two addresses that end in a slash, such as https://geodata.ucdavis.edu/=http://127.0.0.1:8080/", text)}
		}
		out[from] = to
	}
	return out, nil
}

func splitMirror(text string) (from, to string, ok bool) {
	from, to, ok = strings.Cut(text, "=")
	for _, address := range [2]string{from, to} {
		u, err := url.Parse(address)
		ok = ok && err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && strings.HasSuffix(address, "/")
	}
	return from, to, ok
}
