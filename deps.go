//go:build deps

package shapes

import (
	_ "github.com/andybalholm/brotli"
	_ "github.com/expr-lang/expr"
	_ "github.com/fxamacker/cbor/v2"
	_ "github.com/google/uuid"
	_ "github.com/tidwall/rtree"
	_ "golang.org/x/text/unicode/norm"
)
