package checkout

import (
	"net/http"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"mediad/overlay"
)

// MostHook is how many bytes of a webhook are read.
const MostHook = 1 << 20

// Read checks that a shop signed a webhook, and gives the facts in it: none where it says
// nothing of an order. The signature is over the very bytes of the body.
func Read(kind overlay.ShopKind, secret string, header http.Header, body []byte) ([]overlay.OrderFact, error) {
	if secret == "" {
		return nil, overlay.Errorf(overlay.Unauthorized, "This shop has no secret for webhooks yet: set one in the studio first.")
	}
	switch kind {
	case overlay.ShopShopify:
		if !shopifySigned(secret, header, body) {
			return nil, unsigned(nil)
		}
		return readShopify(header, body)
	case overlay.ShopStripeLink, overlay.ShopStripeSession:
		return readStripe(secret, header, body)
	case overlay.ShopLink:
		hook, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return nil, unsigned(err)
		}
		if err := hook.Verify(body, header); err != nil {
			return nil, unsigned(err)
		}
		return readPlain(header.Get(standardwebhooks.HeaderWebhookID), body)
	}
	return nil, overlay.Errorf(overlay.Unsupported, "Shops of kind %s send no webhooks.", kind)
}

// unsigned refuses without a word of what a right signature would be.
func unsigned(error) error {
	return overlay.Errorf(overlay.Unauthorized, "The signature of this webhook is missing, wrong or too old. Check the shop's secret and the clock.")
}

// one gives a fact that is checked.
func one(f overlay.OrderFact) ([]overlay.OrderFact, error) {
	f, err := f.Checked()
	if err != nil {
		return nil, err
	}
	return []overlay.OrderFact{f}, nil
}

// CheckSecrets refuses secrets that a kind of shop has no use for, or that cannot be what
// they are called. Its words show none.
func CheckSecrets(kind overlay.ShopKind, secrets map[string]string) error {
	if err := overlay.CheckShopSecrets(kind, secrets); err != nil {
		return err
	}
	if secret, set := secrets[overlay.WebhookSecret]; set && kind == overlay.ShopLink {
		if _, err := standardwebhooks.NewWebhook(secret); err != nil {
			return overlay.Errorf(overlay.Invalid, "secrets.%s: must be whsec_ and base64 behind it, as Standard Webhooks writes a secret", overlay.WebhookSecret)
		}
	}
	return nil
}
