package shape

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// Hash returns the sha256 of c's meaning, hex: that of its canonical form in
// deterministic CBOR (RFC 8949, section 4.2). Equal settings have equal
// hashes, however they were entered.
func (c Config) Hash() (string, error) {
	enc, err := canonicalEncoding()
	if err != nil {
		return "", err
	}
	data, err := enc.Marshal(c.Canonical())
	if err != nil {
		return "", fmt.Errorf("hash settings: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// canonicalEncoding writes equal values as equal bytes.
func canonicalEncoding() (cbor.EncMode, error) {
	o := cbor.CoreDetEncOptions()
	o.Time = cbor.TimeRFC3339NanoUTC
	enc, err := o.EncMode()
	if err != nil {
		return nil, fmt.Errorf("prepare the codec: %w", err)
	}
	return enc, nil
}
