package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// textDecoder turns the text of a .dbf into UTF-8.
type textDecoder struct {
	// page is nil for UTF-8. guess is set if the file says nothing: then text
	// that is not UTF-8 is taken for Windows-1252.
	page  encoding.Encoding
	guess bool
}

// newTextDecoder chooses by the .cpg's text, else by the .dbf's language
// byte. It reports false for a .cpg that names nothing known.
func newTextDecoder(cpg string, language byte) (textDecoder, bool) {
	if cpg == "" {
		return languageDecoder(language), true
	}
	name := strings.ToLower(cpg)
	for _, prefix := range []string{"ansi ", "oem ", "windows-", "cp", "ibm"} {
		name = strings.TrimPrefix(name, prefix)
	}
	if page, ok := numberedPage(name); ok {
		return textDecoder{page: page}, true
	}
	page, err := htmlindex.Get(strings.ToLower(cpg))
	if err != nil {
		return textDecoder{guess: true}, false
	}
	if n, _ := htmlindex.Name(page); n == "utf-8" {
		page = nil
	}
	return textDecoder{page: page}, true
}

// numberedPage returns the code page of that number; nil for UTF-8.
func numberedPage(number string) (encoding.Encoding, bool) {
	switch number {
	case "65001", "utf-8", "utf8":
		return nil, true
	case "437":
		return charmap.CodePage437, true
	case "850":
		return charmap.CodePage850, true
	case "852":
		return charmap.CodePage852, true
	case "855":
		return charmap.CodePage855, true
	case "858":
		return charmap.CodePage858, true
	case "860":
		return charmap.CodePage860, true
	case "862":
		return charmap.CodePage862, true
	case "863":
		return charmap.CodePage863, true
	case "865":
		return charmap.CodePage865, true
	case "866":
		return charmap.CodePage866, true
	}
	if name := webName(number); name != "" {
		page, err := htmlindex.Get(name)
		return page, err == nil
	}
	return nil, false
}

// webName is the name that the web has for a numbered code page.
func webName(number string) string {
	switch number {
	case "874", "1250", "1251", "1252", "1253", "1254", "1255", "1256", "1257", "1258":
		return "windows-" + number
	case "932":
		return "shift_jis"
	case "936", "54936":
		return "gb18030"
	case "949":
		return "euc-kr"
	case "950":
		return "big5"
	case "20932", "51932":
		return "euc-jp"
	}
	if part, ok := strings.CutPrefix(number, "8859"); ok {
		return "iso-8859-" + strings.TrimPrefix(part, "-")
	}
	if part, ok := strings.CutPrefix(number, "2859"); ok { // 28591 and so on
		return "iso-8859-" + part
	}
	return ""
}

// languageDecoder chooses by the language driver in a .dbf's header.
func languageDecoder(language byte) textDecoder {
	pages := map[byte]string{
		0x01: "437", 0x02: "850", 0x03: "1252", 0x08: "865", 0x09: "437", 0x0a: "850", 0x0b: "437",
		0x0d: "437", 0x0e: "850", 0x0f: "437", 0x10: "850", 0x11: "437", 0x12: "850", 0x13: "932",
		0x14: "850", 0x15: "437", 0x16: "850", 0x17: "865", 0x18: "437", 0x19: "437", 0x1a: "850",
		0x1b: "437", 0x1c: "863", 0x1d: "850", 0x1f: "852", 0x22: "852", 0x23: "852", 0x24: "860",
		0x25: "850", 0x26: "866", 0x37: "850", 0x40: "852", 0x4d: "936", 0x4e: "949", 0x4f: "950",
		0x50: "874", 0x58: "1252", 0x59: "1252", 0x64: "852", 0x65: "866", 0x66: "865",
		0x78: "950", 0x79: "949", 0x7a: "936", 0x7b: "932", 0x7c: "874", 0x7d: "1255", 0x7e: "1256",
		0x87: "852", 0xc8: "1250", 0xc9: "1251", 0xca: "1254", 0xcb: "1253", 0xcc: "1257",
	}
	number, ok := pages[language]
	if !ok { // 0 and "ANSI", which says as much
		return textDecoder{guess: true}
	}
	page, _ := numberedPage(number)
	return textDecoder{page: page}
}

// decode returns b as UTF-8; it may be b itself. clean is false if bytes had
// to be replaced.
func (d textDecoder) decode(b []byte) (text []byte, clean bool) {
	if isASCII(b) {
		return b, true // all these code pages agree on it
	}
	page := d.page
	if page == nil {
		if utf8.Valid(b) {
			return b, true
		}
		if !d.guess {
			return bytes.ToValidUTF8(b, []byte("\uFFFD")), false
		}
		page = charmap.Windows1252
	}
	out, err := page.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\uFFFD")), false
	}
	return out, !bytes.ContainsRune(out, utf8.RuneError)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
