"""What browsers are told about this site, and the rules that apply once it is served over HTTPS.

``base`` takes up the first part, which holds everywhere, and ``production`` the second, which needs HTTPS.
"""

from storefront.settings.env import env

# The browser sends its session only to this site: part of the same-origin guard on the cart (shop/cart/guards.py).
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Another site learns at most that a visitor came from this one, never from which page.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# Features of the browser that no page of ours uses, so that no script slipped into one can.
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
    "midi=(), usb=()"
)
# What a page of the shop may load and where it may lead. Scripts and styles are files of ours, never inline. Forms may
# end at a payment company's page, videos come from wherever an editor embeds them, and frames of our own are previews.
# style-src-attr is for the box that keeps an embedded video's proportions.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "frame-src 'self' https:",
        "form-action 'self' https:",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    ]
)
# Wagtail's own pages have scripts and styles inline, without a nonce that could be allowed alone. What remains: no page
# of another site shows them or is sent their forms, and nothing slipped into one moves its links or runs a plug-in.
ADMIN_CONTENT_SECURITY_POLICY = "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"

# --- HTTPS, taken up by settings/production.py ---
# HTTPS=off is for trying the production settings on one's own machine, without a certificate.
HTTPS = env.bool("HTTPS", default=True)
# TRUST_PROXY=on where a proxy in front ends HTTPS *and always sets* X-Forwarded-Proto itself; a visitor could
# otherwise claim HTTPS.
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
# Browsers refuse plain HTTP for this many seconds after a visit (a year). Start with 3600 where other services share
# the domain, and raise it when all of them speak HTTPS.
HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
HSTS_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=True)
