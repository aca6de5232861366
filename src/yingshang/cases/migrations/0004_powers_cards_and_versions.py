"""Adds delegated powers, cards, what is done when a limit runs out, and the version of an event.

The triggers are made anew at the end: a database that builds a table anew to change it drops them.
"""

from typing import Any

import django.db.models.deletion
import yingshang.kernel.refs
from django.conf import settings
from django.db import migrations, models

from yingshang.cases.protection import protect, unprotect


def _protect(_apps: Any, editor: Any) -> None:
    unprotect(editor.connection)
    only_update = settings.TESTING and editor.connection.vendor == "sqlite"
    protect(editor.connection, ("update",) if only_update else ("update", "delete"))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_late_entries_are_confirmed'),
        ('content', '0001_content_versions'),
        ('parties', '0002_relation_times'),
    ]

    operations = [
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                ('clock', models.CharField(max_length=60)),
                ('colour', models.CharField(choices=[('yellow', '黄牌'), ('red', '红牌')], max_length=10)),
                ('run', models.PositiveIntegerField()),
                ('due_on', models.DateField()),
                ('issued_at', models.DateTimeField()),
                ('explanation', models.TextField(blank=True)),
                ('explained_by', models.CharField(blank=True, max_length=80)),
                ('explained_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Power',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                ('scope', models.CharField(max_length=160, verbose_name='权力事项')),
                ('procedure', models.CharField(blank=True, max_length=80, verbose_name='流程')),
                ('action', models.CharField(blank=True, max_length=60, verbose_name='操作')),
                ('ground', models.CharField(max_length=300, verbose_name='授权依据')),
                ('readiness', models.CharField(max_length=300, verbose_name='承接核验')),
                ('granted_by', models.CharField(max_length=120)),
                ('granted_by_name', models.CharField(blank=True, max_length=80)),
                ('granted_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_by', models.CharField(blank=True, max_length=80)),
                ('revoke_reason', models.CharField(blank=True, max_length=300)),
                ('request_key', models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='expires_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='former_version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='power',
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content.contentversion'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None), ('expires_on__isnull', False)), fields=['expires_on'], name='case_expiring'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['turn', 'red_on'], name='case_red_by_organ'),
        ),
        migrations.AddField(
            model_name='card',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='cases.case'),
        ),
        migrations.AddField(
            model_name='card',
            name='organ',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organ'),
        ),
        migrations.AddField(
            model_name='power',
            name='grantor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='powers_granted', to='parties.organ'),
        ),
        migrations.AddField(
            model_name='power',
            name='organ',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='powers', to='parties.organ'),
        ),
        migrations.AddField(
            model_name='power',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='powers', to='parties.person'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['organ', '-id'], name='card_by_organ'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['colour', '-id'], name='card_by_colour'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(fields=('case', 'clock', 'run', 'colour'), name='one_card_per_run'),
        ),
        migrations.AddIndex(
            model_name='power',
            index=models.Index(fields=['scope', 'grantor'], name='power_by_scope'),
        ),
        migrations.AddConstraint(
            model_name='power',
            constraint=models.CheckConstraint(condition=models.Q(('organ__isnull', False), ('person__isnull', False), _connector='OR'), name='a_power_is_given_to_somebody'),
        ),
        migrations.AddConstraint(
            model_name='power',
            constraint=models.UniqueConstraint(condition=models.Q(('request_key', ''), _negated=True), fields=('granted_by', 'request_key'), name='one_power_per_request'),
        ),
        migrations.RunPython(_protect, migrations.RunPython.noop),
    ]
