import type { ApiCall } from "../wires/cloudtrail.ts";
import { during, Story, type Incident } from "./incident.ts";

export const RECORDING_DISABLED: Incident = {
  name: "recording-disabled",
  summary: "The storage of call recordings is taken off the instance: calls go on, and none is recorded.",
  wires: ["cloudtrail", "contact_record"],
  plan: (stage, span) => {
    const { instance, recordingBucket, place } = stage.world;
    const association = stage.random.uuid();
    const story = new Story(stage, {
      name: "recording-disabled",
      span,
      whatHappened:
        "DisassociateInstanceStorageConfig took the bucket for call recordings away. Flows still say that recording is on; contact records of calls that were answered in that time have no recording. It was put back later.",
      lookAt: [
        "cloudtrail: DisassociateInstanceStorageConfig with ResourceType CALL_RECORDINGS, later AssociateInstanceStorageConfig",
        "contact_record: Recording and Recordings are null for answered calls",
        "flow_log: SetRecordingBehavior says Enable all the time",
      ],
    });
    const off = (): ApiCall => ({
      name: "DisassociateInstanceStorageConfig",
      caller: stage.callers.administrator,
      request: { InstanceId: instance.id, AssociationId: association, ResourceType: "CALL_RECORDINGS" },
      isReadOnly: false,
    });
    const on = (): ApiCall => ({
      name: "AssociateInstanceStorageConfig",
      caller: stage.callers.administrator,
      request: {
        InstanceId: instance.id,
        ResourceType: "CALL_RECORDINGS",
        StorageConfig: {
          StorageType: "S3",
          S3Config: { BucketName: recordingBucket, BucketPrefix: `connect/${place.alias}/CallRecordings` },
        },
      },
      response: { AssociationId: association },
      isReadOnly: false,
    });
    during(
      stage,
      span,
      () => {
        story.call(off());
        stage.conditions.isRecordingOff = true;
      },
      () => {
        story.call(on());
        stage.conditions.isRecordingOff = false;
      },
    );
  },
};
