"""Static files named by their content, so that a browser may keep them for ever."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(StaticFilesConfig):
    """What npm's packages bring beside the one build that our pages use is not served."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "ext", "*.amd.js", "*.cjs.js", "*.gz"]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites the imports of JavaScript modules too: our pages have no bundler."""

    support_js_module_import_aggregation = True
    # One for each step in the longest chain of imports, in whatever order files come.
    max_post_process_passes = 12
    # A page of a release just rolled back may name a file that is gone; that must not be an error
    # page for a whole class.
    manifest_strict = False
