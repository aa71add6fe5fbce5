package kv

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// codec writes records as CBOR in its core deterministic form (RFC 8949,
// section 4.2): equal records are equal bytes.
type codec struct {
	enc cbor.UserBufferEncMode
	dec cbor.DecMode
}

// The bounds of what is decoded.
const (
	maxNesting  = 32
	maxElements = 1 << 24
)

func newCodec() (codec, error) {
	eo := cbor.CoreDetEncOptions()
	eo.Time = cbor.TimeRFC3339NanoUTC
	enc, err := eo.UserBufferEncMode()
	if err != nil {
		return codec{}, fmt.Errorf("prepare the record codec: %w", err)
	}
	dec, err := cbor.DecOptions{
		DupMapKey:       cbor.DupMapKeyEnforcedAPF,
		UTF8:            cbor.UTF8DecodeInvalid, // names in sources may be anything, and what is stored must come back
		MaxNestedLevels: maxNesting, MaxArrayElements: maxElements, MaxMapPairs: maxElements, IndefLength: cbor.IndefLengthForbidden,
	}.DecMode()
	if err != nil {
		return codec{}, fmt.Errorf("prepare the record codec: %w", err)
	}
	return codec{enc, dec}, nil
}
