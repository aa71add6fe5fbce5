//go:build deps

package shapes

import (
	_ "github.com/cenkalti/backoff/v5"
	_ "golang.org/x/sync/singleflight"
	_ "golang.org/x/time/rate"
)
