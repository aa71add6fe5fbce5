package fetch

import (
	"errors"
	"net/url"
	"strings"
)

// hidden stands for what nobody should read in a log.
const hidden = "***"

// redact returns an address for people, logs and records: without a user's
// name and password, and without the values of a query that look like keys.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(an address that cannot be read)"
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	parts := strings.Split(u.RawQuery, "&")
	for i, part := range parts {
		if key, value, ok := strings.Cut(part, "="); ok && value != "" && secret(key) {
			parts[i] = key + "=" + hidden
		}
	}
	u.RawQuery = strings.Join(parts, "&")
	return u.String()
}

// secret reports whether a name is one that keys go by.
func secret(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(name)
	for _, word := range [...]string{"key", "token", "sig", "secret", "pass", "pwd", "auth", "cred", "session", "jwt"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// bare drops the layer of an error that repeats the address.
func bare(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
