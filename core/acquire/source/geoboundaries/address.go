package geoboundaries

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// repository is where the layers are; a commit and a path follow.
const (
	repository = "https://github.com/wmgeolab/geoBoundaries/raw/"
	media      = "https://media.githubusercontent.com/media/wmgeolab/geoBoundaries/"
)

// fullCommit is the commit that nearly all layers are of, as the media host,
// which knows no short names, calls it.
const (
	mainCommit = "9469f09"
	fullCommit = "9469f09592ced973a3448cf66b6100b741b64c0d"
)

// fileName is the name of a layer's file, as geoBoundaries has it.
func fileName(l Layer, simplified bool) string {
	suffix := ""
	if simplified {
		suffix = "_simplified"
	}
	return fmt.Sprintf("geoBoundaries-%s-ADM%d%s.geojson", l.Country, l.Level, suffix)
}

// layerURL is the address of a layer in the repository, by the matrix.
func layerURL(w wish) string {
	return fmt.Sprintf("%s%s/releaseData/%s%s", repository, w.layer.Commit, w.recordPath(), fileName(w.layer.Layer, w.simplified))
}

// commitOf returns the commit of an address in the repository, "" if it is
// another address.
func commitOf(address string) string {
	rest, ours := strings.CutPrefix(address, repository)
	commit, path, _ := strings.Cut(rest, "/")
	if !ours || !isCommit(commit) || !strings.HasPrefix(path, "releaseData/") {
		return ""
	}
	return commit
}

func isCommit(s string) bool {
	return len(s) >= 7 && len(s) <= 40 && strings.Trim(s, "0123456789abcdef") == ""
}

// mediaAddress is where the repository's large files really are: for when the
// way over github.com leads nowhere.
func mediaAddress(address string) []string {
	commit := commitOf(address)
	if commit == "" {
		return nil
	}
	path := strings.TrimPrefix(address, repository+commit)
	if commit == mainCommit {
		commit = fullCommit
	}
	return []string{media + commit + path}
}

// checkAddress refuses what a record must not lead to. Its text is what the
// server said, and is cut short in the error.
func checkAddress(address string) (string, error) {
	if address == "" {
		return "", errors.New("it does not say where the layer is")
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > 2000 || u.Scheme != "https" || u.User != nil || u.Port() != "" || u.Opaque != "":
		return "", fmt.Errorf("it leads to %.120q, which is no plain https address", address)
	case !slices.Contains(Hosts(), u.Hostname()):
		return "", fmt.Errorf("it leads to %.120q, a server that is not known to keep layers of geoBoundaries", address)
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String(), nil
}

// webAddress returns the address that s, without a scheme, most likely is; ""
// for the many that broke off or are no addresses.
func webAddress(s string) string {
	host, path, _ := strings.Cut(s, "/")
	u, err := url.Parse("https://" + s)
	switch {
	case err != nil || u.User != nil || u.Port() != "" || strings.ContainsAny(s, " <>\"'`\\"):
		return ""
	case !strings.Contains(strings.Trim(host, "."), ".") || path == "wiki/File" || path == "wiki/Category":
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}
