package ingest

import "github.com/shapes-desktop/shapes/core/geo/feature"

// keyTable shares the texts of attribute keys and short values between
// features, and finds keys given twice in one.
type keyTable struct {
	all    bool
	wanted map[string]bool
	keys   map[string]*key
	texts  map[string]string
}

// key is an attribute's name.
type key struct {
	name   string
	wanted bool
	record int // the record that had it last, counted from 1
	at     int // its place in that record's attributes
}

func newKeyTable(attributes []string) keyTable {
	t := keyTable{all: attributes == nil, wanted: map[string]bool{}, keys: map[string]*key{}, texts: map[string]string{}}
	for _, a := range attributes {
		t.wanted[a] = true
	}
	return t
}

// key returns the shared key of that name; name is not kept.
func (t *keyTable) key(name []byte) *key {
	if k, ok := t.keys[string(name)]; ok {
		return k
	}
	k := &key{name: string(name)}
	k.wanted = t.all || t.wanted[k.name]
	t.keys[k.name] = k
	return k
}

// trim bounds the table where keys are data. It may only be called between
// records, since finding doubles needs the record's own keys.
func (t *keyTable) trim() {
	if len(t.keys) >= maxShared {
		clear(t.keys)
	}
}

const (
	maxShared     = 1 << 15
	maxSharedText = 48
)

// text returns b as a string, shared if it is short and was seen before.
func (t *keyTable) text(b []byte) string {
	if len(b) > maxSharedText {
		return string(b)
	}
	if s, ok := t.texts[string(b)]; ok {
		return s
	}
	if len(t.texts) >= maxShared {
		clear(t.texts)
	}
	s := string(b)
	t.texts[s] = s
	return s
}

// attributes collects those of one record; its list is scratch.
type attributes struct {
	list   []feature.Attr
	record int
}

func (a *attributes) reset() {
	a.list = a.list[:0]
	a.record++
}

// add appends an attribute, or replaces the value of one given before and
// says so.
func (a *attributes) add(k *key, v feature.Value) (double bool) {
	if k.record == a.record {
		a.list[k.at].Value = v
		return true
	}
	k.record, k.at = a.record, len(a.list)
	a.list = append(a.list, feature.Attr{Key: k.name, Value: v})
	return false
}

// has tells whether the record has an attribute of that key.
func (a *attributes) has(k *key) bool { return k.record == a.record }
