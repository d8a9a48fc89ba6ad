"""Settings of a larger class: what is different with Redis."""

import os
import subprocess
import sys


def test_an_idle_websocket_outlives_the_wait_for_a_message() -> None:
    """redis-py's own time-out is as long as channels_redis waits: idle terminals were cut off."""
    script = (
        "from channels_redis.core import RedisChannelLayer\n"
        "from hakoniwa.settings.test import CHANNEL_LAYERS\n"
        "[host] = CHANNEL_LAYERS['default']['CONFIG']['hosts']\n"
        "assert host['socket_timeout'] > 2 * RedisChannelLayer.brpop_timeout\n"
    )
    environment = os.environ | {"HAKONIWA_REDIS_URL": "redis://127.0.0.1:6379/0"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
