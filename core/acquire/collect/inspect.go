package collect

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// inspection reads an answer from its first byte to its last.
type inspection struct {
	ctx    context.Context
	limits Limits
	expect *source.Expect
	size   int64
}

// headBytes is how much of an answer is looked at to recognise it.
const headBytes = 2048

// look recognises by the first bytes what is no data, and pointers.
func (k *inspection) look(f io.ReaderAt) (*pointer, error) {
	head := make([]byte, headBytes)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	head = head[:n]
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte(byteOrderMark)))
	switch {
	case k.size == 0 || len(text) == 0:
		return nil, flaw(Empty, "an empty answer came")
	case string(text) == "None" || string(text) == "null":
		return nil, flaw(None, "the server answered %q: it has not made the file yet", text)
	case isQuota(text):
		return nil, flaw(Quota, "the repository on GitHub has sent all that it may for now")
	case bytes.HasPrefix(head, []byte(pointerStart)):
		p, ok := readPointer(head)
		if !ok {
			return nil, flaw(Pointer, "a Git LFS pointer came that cannot be read")
		}
		return &p, nil
	case text[0] == '<':
		return nil, flaw(Page, "a web page came instead of data%s", quoted(pageText(text)))
	}
	return nil, k.magic(head, text)
}

const byteOrderMark = "\ufeff"

// isQuota tells the texts that a repository sends when it may send no more.
func isQuota(text []byte) bool {
	low := bytes.ToLower(text)
	return (text[0] != '<' && len(text) < 512 || text[0] == '<') &&
		(bytes.Contains(low, []byte("over its data quota")) || bytes.Contains(low, []byte("exceeded its lfs budget")))
}

// magic compares the first bytes with the expected format.
func (k *inspection) magic(head, text []byte) error {
	wanted, ok := "JSON", text[0] == '{' || text[0] == '['
	if k.expect.Format == source.Zip {
		wanted, ok = "a zip archive", bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
	}
	switch {
	case ok:
		return nil
	case k.expect.Format == source.Zip && isMangled(head):
		return mangled()
	}
	return flaw(Magic, "what came is not %s%s", wanted, quoted(plain(text)))
}

// inspect reads the whole answer.
func (k *inspection) inspect(f *os.File) error {
	switch k.expect.Format {
	case source.Zip:
		return k.zip(f)
	case source.JSON, source.GeoJSON, source.Answer:
		return k.json(io.NewSectionReader(f, 0, k.size), k.expect.Format, k.expect.Units)
	}
	return errors.New("the format " + string(k.expect.Format) + " is not known")
}

// isMangled tells bytes that a program took for UTF-8 text: each that is none
// has become U+FFFD.
func isMangled(b []byte) bool { return bytes.Count(b, []byte("\uFFFD")) >= 3 }

func mangled() error {
	return flaw(Mangled, "the bytes were damaged on their way: a program took them for text (UTF-8)")
}

// pageText is what a page of HTML says, in one line.
func pageText(page []byte) string {
	var b strings.Builder
	tag := 0
	for _, c := range string(page) {
		switch {
		case c == '<':
			tag++
			b.WriteByte(' ')
		case c == '>' && tag > 0:
			tag--
		case tag == 0:
			b.WriteRune(c)
		}
	}
	s := plain([]byte(b.String()))
	if i := strings.Index(s, "Error"); i > 0 { // Overpass says much before
		s = s[i:]
	}
	return s
}

// plain makes one line of visible text of what a server sent.
func plain(b []byte) string {
	line := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) || r == unicode.ReplacementChar {
			return '·'
		}
		return r
	}, string(b))
	return strings.Join(strings.Fields(line), " ")
}

// quoted puts the beginning of a text behind a sentence, if there is any.
func quoted(s string) string {
	const most = 120
	if s == "" {
		return ""
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return ": “" + s + "”"
}

// patient reads as long as its context lasts.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}
