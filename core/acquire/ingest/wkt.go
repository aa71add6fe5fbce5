package ingest

import (
	"fmt"
	"strconv"
	"strings"
)

// maxWKT bounds the text of a coordinate system.
const maxWKT = 64 << 10

// wktNode is a node of a coordinate system's text (WKT 1), such as
// SPHEROID["GRS 1980",6378137,298.257222101].
type wktNode struct {
	name    string // upper case
	text    string // the first quoted argument
	numbers []float64
	nodes   []wktNode
}

// parseWKT parses the text of a .prj or of a GeoPackage's reference system.
func parseWKT(text string) (wktNode, error) {
	p := wktParser{text: text}
	n, err := p.node(0)
	if err != nil {
		return n, fmt.Errorf("%w: unreadable text of a coordinate system near character %d", ErrProjection, p.at)
	}
	return n, nil
}

// find returns the first child of that name, nil if there is none.
func (n *wktNode) find(name string) *wktNode {
	for i := range n.nodes {
		if n.nodes[i].name == name {
			return &n.nodes[i]
		}
	}
	return nil
}

// number returns the i-th number of n or of n's child of that name.
func (n *wktNode) number(i int) (float64, bool) {
	if n == nil || i >= len(n.numbers) {
		return 0, false
	}
	return n.numbers[i], true
}

type wktParser struct {
	text string
	at   int
}

const maxWKTDepth = 16

func (p *wktParser) node(depth int) (wktNode, error) {
	var n wktNode
	if depth > maxWKTDepth {
		return n, errEnds
	}
	p.blanks()
	start := p.at
	for p.at < len(p.text) && isWordByte(p.text[p.at]) {
		p.at++
	}
	n.name = strings.ToUpper(p.text[start:p.at])
	p.blanks()
	if n.name == "" {
		return n, errEnds
	}
	if p.at == len(p.text) || (p.text[p.at] != '[' && p.text[p.at] != '(') {
		return n, nil // a bare word, such as an axis direction
	}
	for {
		p.at++ // the bracket or comma
		if err := p.argument(&n, depth); err != nil {
			return n, err
		}
		p.blanks()
		if p.at >= len(p.text) {
			return n, errEnds
		}
		switch p.text[p.at] {
		case ',':
		case ']', ')':
			p.at++
			return n, nil
		default:
			return n, errEnds
		}
	}
}

func (p *wktParser) argument(n *wktNode, depth int) error {
	p.blanks()
	if p.at >= len(p.text) {
		return errEnds
	}
	switch c := p.text[p.at]; {
	case c == '"':
		end := strings.IndexByte(p.text[p.at+1:], '"')
		if end < 0 {
			return errEnds
		}
		if n.text == "" {
			n.text = p.text[p.at+1 : p.at+1+end]
		}
		p.at += end + 2
	case isNumberByte(c) && (c <= '9'):
		start := p.at
		for p.at < len(p.text) && isNumberByte(p.text[p.at]) {
			p.at++
		}
		v, err := strconv.ParseFloat(p.text[start:p.at], 64)
		if err != nil {
			return err
		}
		n.numbers = append(n.numbers, v)
	default:
		child, err := p.node(depth + 1)
		if err != nil {
			return err
		}
		n.nodes = append(n.nodes, child)
	}
	return nil
}

func (p *wktParser) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n\x00\ufeff", p.text[p.at]) >= 0 {
		p.at++
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
