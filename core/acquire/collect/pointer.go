package collect

import (
	"bytes"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// pointer is what Git LFS keeps in place of a file: 130 bytes of text that tell
// which bytes belong there.
type pointer struct {
	sha256 string // hex
	size   int64
}

const (
	pointerStart = "version https://git-lfs.github.com/spec/"
	maxPointer   = 1024 // bytes, by the specification
)

// readPointer recognises a pointer; false if text is none. A text that begins as
// one and is damaged is none either: its first bytes are no data.
func readPointer(text []byte) (pointer, bool) {
	if len(text) >= maxPointer || !bytes.HasPrefix(text, []byte(pointerStart)) {
		return pointer{}, false
	}
	var p pointer
	sized := false
	for _, line := range strings.Split(string(text), "\n") {
		k, v, _ := strings.Cut(strings.TrimSuffix(line, "\r"), " ")
		switch k {
		case "oid":
			p.sha256, _ = strings.CutPrefix(v, "sha256:")
		case "size":
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil || n < 0 {
				return pointer{}, false
			}
			p.size, sized = n, true
		}
	}
	return p, sized && isHash(p.sha256)
}

func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// mediaURL is where GitHub has the file itself, for the addresses under which it
// gives a pointer; false for others.
func mediaURL(media, address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	parts := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	switch u.Hostname() {
	case "github.com", "www.github.com": // owner/repo/raw/version/path
		if len(parts) < 5 || parts[2] != "raw" && parts[2] != "blob" {
			return "", false
		}
		parts = append(parts[:2:2], parts[3:]...)
	case "raw.githubusercontent.com": // owner/repo/version/path
	case "cdn.jsdelivr.net": // gh/owner/repo@version/path
		if len(parts) < 4 || parts[0] != "gh" {
			return "", false
		}
		repo, version, ok := strings.Cut(parts[2], "@")
		if !ok {
			return "", false
		}
		parts = append([]string{parts[1], repo, version}, parts[3:]...)
	default:
		return "", false
	}
	joined := strings.Join(parts, "/")
	if len(parts) < 4 || path.Clean("/"+joined) != "/"+joined {
		return "", false
	}
	return strings.TrimSuffix(media, "/") + "/" + joined, true
}
