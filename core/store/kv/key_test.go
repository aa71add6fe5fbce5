package kv

import (
	"bytes"
	"cmp"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestKeysOrderAsTheirParts(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune{0, 1, 'a', 'b', 'ÿ', '日'}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		m, n := rapid.Uint64().Draw(t, "m"), rapid.Uint64().Draw(t, "n")
		want := cmp.Or(cmp.Compare(a, b), cmp.Compare(m, n))
		if got := bytes.Compare(Key(nil).Str(a).Uint(m), Key(nil).Str(b).Uint(n)); got != want {
			t.Fatalf("%q %d against %q %d: %d, want %d", a, m, b, n, got, want)
		}
		if got := bytes.Compare(Key(nil).Str(a).Down(m), Key(nil).Str(b).Down(n)); got != cmp.Or(cmp.Compare(a, b), cmp.Compare(n, m)) {
			t.Fatalf("down: %q %d against %q %d: %d", a, m, b, n, got)
		}
		if prefix := bytes.HasPrefix(Key(nil).Str(a).Uint(m), Key(nil).Str(b)); prefix != (a == b) {
			t.Fatalf("%q as a prefix of %q: %v", b, a, prefix)
		}
		s, rest, ok := CutStr(Key(nil).Str(a).Uint(m))
		u, rest, ok2 := CutUint(rest)
		if s != a || u != m || !ok || !ok2 || len(rest) != 0 {
			t.Fatalf("%q %d cut into %q %d %v %v", a, m, s, u, ok, ok2)
		}
	})
}

func TestKeysOfTimesOrderAsTimes(t *testing.T) {
	at := func(t *rapid.T, name string) time.Time {
		return time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, name), rapid.Int64Range(0, 1e9-1).Draw(t, name))
	}
	clamp := func(x time.Time) time.Time {
		first, last := time.Unix(firstSecond, 0), time.Unix(lastSecond, 0)
		switch {
		case !x.Before(last):
			return last
		case x.Unix() <= first.Unix():
			return first
		}
		return x
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := at(t, "a"), at(t, "b")
		if got, want := bytes.Compare(Key(nil).Time(a), Key(nil).Time(b)), clamp(a).Compare(clamp(b)); got != want {
			t.Fatalf("%v against %v: %d, want %d", a, b, got, want)
		}
		if bytes.Compare(Key(nil).Time(time.Time{}), Key(nil).Time(a)) >= 0 {
			t.Fatalf("the zero time comes after %v", a)
		}
	})
}

// Two keys made from the same beginning do not share memory.
func TestAKeyIsNeverChanged(t *testing.T) {
	begin := Key(nil).Str("beginning")
	one, two := begin.Uint(1), begin.Uint(2)
	b1, b2 := begin.Byte(1), begin.Byte(2)
	s1, s2 := begin.Str("1"), begin.Str("2")
	if bytes.Equal(one, two) || bytes.Equal(b1, b2) || bytes.Equal(s1, s2) {
		t.Error(one, two, b1, b2, s1, s2)
	}
}

func TestEnd(t *testing.T) {
	for _, c := range []struct{ prefix, end string }{
		{"", ""}, {"a", "b"}, {"a\xff", "b"}, {"\xff\xff", ""}, {"a\x00", "a\x01"},
	} {
		if got := string(end([]byte(c.prefix))); got != c.end {
			t.Errorf("%q: %q, want %q", c.prefix, got, c.end)
		}
	}
}

func TestKeysForPeople(t *testing.T) {
	for _, c := range []struct {
		key  Key
		want string
	}{
		{nil, ""},
		{Key(nil).Str("node").Str("日本"), "node/日本"},
		{Key(nil).Str("a").Uint(258), `a/\x00\x00\x00\x00\x00\x00\x01\x02`},
		{Key(nil).Byte(7), `\x07`},
	} {
		if got := c.key.String(); got != c.want {
			t.Errorf("%v: %q, want %q", []byte(c.key), got, c.want)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add([]byte(Key(nil).Str("a\x00b").Uint(math.MaxUint64)))
	f.Add([]byte{0})
	f.Add([]byte{0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, rest, ok := CutStr(b)
		if ok && !bytes.Equal(append(Key(nil).Str(s), rest...), b) {
			t.Errorf("%q is not %q and %q", b, s, rest)
		}
		u, rest, ok := CutUint(b)
		if ok && !bytes.Equal(append(Key(nil).Uint(u), rest...), b) {
			t.Errorf("%q is not %d and %q", b, u, rest)
		}
		_ = Key(b).String()
	})
}
